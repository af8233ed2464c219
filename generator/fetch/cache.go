package fetch

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"skillgen/generator/webpage"
)

// Where validators are kept. They change with every deployment of a website, so they are not committed: the folder ignores itself.
const (
	cacheDir   = ".skillgen/cache"
	cacheFile  = cacheDir + "/fetch.json"
	cacheGuard = cacheDir + "/.gitignore"
	maxCache   = 32 << 20 // bytes
)

// validators are what a server said of a resource, and which snapshot was made of it.
type validators struct {
	ETag         string `json:"etag,omitempty"`
	LastModified string `json:"last_modified,omitempty"`
	Raw          string `json:"raw"`    // SHA-256 of what came
	SHA256       string `json:"sha256"` // of the snapshot
	Converter    int    `json:"converter,omitempty"`
}

// cache holds validators by the address that was asked for. It is only a help: whatever is wrong with it, it is empty.
type cache struct {
	Schema  int                   `json:"schema"`
	Entries map[string]validators `json:"entries"`
}

const cacheSchema = 1

func readCache(root *os.Root) *cache {
	empty := &cache{Schema: cacheSchema, Entries: map[string]validators{}}
	info, err := root.Lstat(cacheFile)
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxCache {
		return empty
	}
	data, err := root.ReadFile(cacheFile)
	var c cache
	if err != nil || json.Unmarshal(data, &c) != nil || c.Schema != cacheSchema || c.Entries == nil {
		return empty
	}
	return &c
}

// validators returns what is known of an address, where a conditional request may be made: the snapshot is what the lock says and what the cache
// was told of, and this converter made it. `fetch --check` asks unconditionally: else a doctored snapshot would stay fresh for ever.
func (e *engine) validators(w *want, address string) (validators, bool) {
	v, ok := e.cache.Entries[address]
	l := w.locked
	if !ok || l == nil || e.options.Check || e.options.Reroute || w.old == "" {
		return validators{}, false
	}
	fits := l.SHA256 == v.SHA256 && digest(w.old) == v.SHA256 && l.Converter == v.Converter && (l.Converter == 0 || l.Converter == webpage.Version)
	return v, fits
}

func validatorsOf(resp *Response) validators {
	return validators{ETag: resp.ETag, LastModified: resp.LastModified, Raw: digest(string(resp.Body))}
}

// save writes the cache. Go's JSON sorts the keys of maps.
func (c *cache) save(e *engine) error {
	data, err := json.MarshalIndent(c, "", "\t")
	if err != nil {
		return fmt.Errorf("writing the cache: %w", err)
	}
	if _, err := e.root.Lstat(cacheGuard); errors.Is(err, fs.ErrNotExist) {
		if err := e.writeFile(cacheGuard, "*\n"); err != nil {
			return err
		}
	}
	return e.writeFile(cacheFile, string(data)+"\n")
}
