package prosediff

import (
	"os"
	"runtime"
	"runtime/pprof"
	"sync"
	"testing"

	"skillgen/generator/facts"
)

func TestZZMem(t *testing.T) {
	if os.Getenv("PD_MEM") == "" {
		t.Skip()
	}
	base, revision := pairs600()
	if os.Getenv("PD_MEM") == "fleet" {
		base, revision = fleet430()
	}
	w := &world{pool: newPool(), lex: facts.English}
	a, b := open(base, w.pool), open(revision, w.pool)
	w.hosts = sync.OnceValue(func() map[string]bool { return hostsOf(a) })
	pairs := pairFolders(a, b)
	diffs := w.diffAll(pairs)
	runtime.GC()
	f, _ := os.Create("/tmp/pd/heap.out")
	pprof.Lookup("heap").WriteTo(f, 0)
	f.Close()
	runtime.KeepAlive(diffs)
	runtime.KeepAlive(w)
	runtime.KeepAlive(base)
	runtime.KeepAlive(revision)
}
