package prosediff

import (
	"fmt"
	"os"
	"testing"
	"time"
)

// go test -run TestTry -args: PD_A, PD_B
func TestTry(t *testing.T) {
	if os.Getenv("PD_A") == "" {
		t.Skip()
	}
	t0 := time.Now()
	a, _, err := Open("/", os.Getenv("PD_A"))
	if err != nil {
		t.Fatal(err)
	}
	b, _, err := Open("/", os.Getenv("PD_B"))
	if err != nil {
		t.Fatal(err)
	}
	t1 := time.Now()
	r := Compare(a, b, Options{})
	t2 := time.Now()
	Text(os.Stdout, r, View{}, 160, false)
	fmt.Println("open", t1.Sub(t0), "compare", t2.Sub(t1), "changes", len(r.Changes), "entries", len(r.entries()))
}
