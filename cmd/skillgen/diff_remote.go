package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/signal"
	"path"
	"strings"
	"syscall"

	"golang.org/x/sync/errgroup"

	"skillgen/generator/fetch"
	"skillgen/generator/prosediff"
	"skillgen/generator/release"
)

// Limits on what is downloaded, in bytes.
const (
	maxReleaseFile = 64 << 20  // release.json, manifest.json
	maxDownload    = 256 << 20 // one archive
	maxRelease     = 1 << 30   // all archives of a release
)

// isURL reports whether spec names a release that is published.
func isURL(spec string) bool {
	return strings.HasPrefix(spec, "https://") || strings.HasPrefix(spec, "http://")
}

// shownURL is a URL as people see it: queries may hold secrets.
func shownURL(u *url.URL) string {
	shown := *u
	shown.User, shown.RawQuery, shown.Fragment = nil, "", ""
	return shown.String()
}

// storage is where some publish releases: hosts to which a download from another host is redirected.
var storage = map[string][]string{
	"github.com": {"objects.githubusercontent.com", "release-assets.githubusercontent.com"},
}

// download is one visit to a published release.
type download struct {
	ctx    context.Context
	client *fetch.Client
	at     *url.URL // of release.json, or of an archive
	spec   string   // for people
}

// remote reads a release that is published: by its release.json, whose archives lie beside it, or one archive.
func (d *differ) remote(spec string) (*edition, error) {
	u, err := url.Parse(spec)
	if err != nil || u.Host == "" {
		return nil, hinted{fmt.Errorf("%q is no URL", spec), "write it as a browser shows it"}
	}
	if path.Base(u.Path) != "release.json" && !isArchive(u.Path) {
		return nil, hinted{fmt.Errorf("%s is neither a release.json nor an archive", shownURL(u)), "a published release is named by the URL of its release.json, or of a .zip or .tar.gz"}
	}
	client := fetch.NewClient(fetch.ClientOptions{Version: version, Homepage: homepage, AllowPrivate: d.options.allowPrivate, Concurrency: d.app.jobs})
	defer client.Close()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	dl := &download{ctx, client, u, shownURL(u)}
	if isArchive(u.Path) {
		return dl.archive()
	}
	return dl.release()
}

// get fetches a file. What is not there (404, 410) is *absent.
func (dl *download) get(u *url.URL, most int64) ([]byte, error) {
	r, err := dl.client.Get(dl.ctx, fetch.Request{URL: u.String(), MaxBytes: most, AllowHosts: storage[u.Host], Named: true})
	var fault *fetch.Fault
	switch {
	case err == nil:
		return r.Body, nil
	case errors.As(err, &fault) && fault.Kind == fetch.FaultStatus && (fault.Status == 404 || fault.Status == 410):
		return nil, &absent{shownURL(u) + ": there is no such file", ""}
	case errors.As(err, &fault):
		return nil, hinted{fmt.Errorf("downloading %s: %s", shownURL(u), fault.Message), fault.Hint}
	}
	return nil, fmt.Errorf("downloading %s: %w", shownURL(u), err)
}

// beside returns the address of what lies beside the file that is visited.
func (dl *download) beside(name string) *url.URL {
	u := *dl.at
	u.Path, u.RawPath, u.RawQuery, u.Fragment = path.Join(path.Dir(dl.at.Path), name), "", "", ""
	return &u
}

// archive reads one archive, held against the release.json that lies beside it or above archives/, where there is one.
func (dl *download) archive() (*edition, error) {
	data, err := dl.get(dl.at, maxDownload)
	if err != nil {
		return nil, err
	}
	name := path.Base(dl.at.Path)
	note, published, err := dl.verify(name, data)
	if err != nil {
		return nil, err
	}
	b := prosediff.NewBundle(dl.spec)
	if err := b.AddArchive("", name, data); err != nil {
		return nil, err
	}
	kind, base := "tar", strings.TrimSuffix(strings.TrimSuffix(name, path.Ext(name)), ".tar")
	if strings.EqualFold(path.Ext(name), ".zip") {
		kind = "zip"
	}
	s, left := b.Side(kind, base)
	r := &edition{Side: s, notes: few(left), versionFrom: "its manifest.json"}
	if note != "" {
		r.notes = append(r.notes, note)
	}
	if r.Version == "" && published != nil {
		r.Version, r.versionFrom = published.Version, "the release.json beside it"
	}
	return r, nil
}

// verify holds an archive against the digest that its release.json lists. note says why it could not.
func (dl *download) verify(name string, data []byte) (note string, p *release.Published, err error) {
	from := "release.json"
	if path.Base(path.Dir(dl.at.Path)) == "archives" {
		from = "../release.json"
	}
	at := dl.beside(from)
	record, err := dl.get(at, maxReleaseFile)
	var gone *absent
	if errors.As(err, &gone) {
		return fmt.Sprintf("%s was not verified: there is no %s", dl.spec, shownURL(at)), nil, nil
	} else if err != nil {
		return "", nil, err
	}
	if p, err = release.ParsePublished(record); err != nil {
		return "", nil, fmt.Errorf("reading %s: %w", shownURL(at), err)
	}
	f, listed := p.Archive(name)
	if !listed {
		return fmt.Sprintf("%s was not verified: %s does not list it", dl.spec, shownURL(at)), nil, nil
	}
	return "", p, verified(dl.spec, f, data)
}

// verified is an error where data are not the bytes of the file.
func verified(spec string, f release.PublishedFile, data []byte) error {
	if f.Is(data) {
		return nil
	}
	return hinted{fmt.Errorf("%s has not the digest that release.json lists", spec), "it was changed, or belongs to another release: publish the whole release again, or name another base"}
}

// release reads a whole release by its release.json: the archive of every skill, and the manifest, each held against its digest.
func (dl *download) release() (*edition, error) {
	record, err := dl.get(dl.at, maxReleaseFile)
	if err != nil {
		return nil, err
	}
	p, err := release.ParsePublished(record)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", dl.spec, err)
	}
	archives, err := dl.archives(p)
	if err != nil {
		return nil, err
	}
	b := prosediff.NewBundle(dl.spec)
	for i, f := range p.Archives {
		if err := b.AddArchive(f.Folder(), f.Flat(), archives[i]); err != nil {
			return nil, err
		}
	}
	if f, listed := p.File("manifest.json"); listed {
		data, err := dl.file(f, f.Path)
		var gone *absent
		if err == nil {
			err = b.Add(f.Path, data)
		}
		if err != nil && !errors.As(err, &gone) { // without it only tokens are not known
			return nil, err
		}
	}
	s, left := b.Side("release", "")
	s.Version = p.Version
	return &edition{Side: s, notes: few(left), versionFrom: "its release.json"}, nil
}

// file downloads a file of the release from a path beside release.json.
func (dl *download) file(f release.PublishedFile, from string) ([]byte, error) {
	u := dl.beside(from)
	if f.Size < 0 || f.Size > maxDownload {
		return nil, fmt.Errorf("%s lists %s with %d bytes, more than is downloaded", dl.spec, f.Path, f.Size)
	}
	data, err := dl.get(u, max(f.Size, 1))
	if err != nil {
		return nil, err
	}
	return data, verified(shownURL(u), f, data)
}

// archives downloads the archive of every skill. Where the first is not in its folder, all lie beside release.json.
func (dl *download) archives(p *release.Published) ([][]byte, error) {
	total := int64(0)
	for _, f := range p.Archives {
		if total += min(max(f.Size, 0), maxRelease); total > maxRelease {
			return nil, fmt.Errorf("%s lists archives of more than %d bytes, which is more than is downloaded", dl.spec, maxRelease)
		}
	}
	out := make([][]byte, len(p.Archives))
	if len(out) == 0 {
		return out, nil
	}
	from := func(f release.PublishedFile) string { return f.Path }
	var err error
	var gone *absent
	if out[0], err = dl.file(p.Archives[0], from(p.Archives[0])); errors.As(err, &gone) {
		from = release.PublishedFile.Flat
		out[0], err = dl.file(p.Archives[0], from(p.Archives[0]))
	}
	if err != nil {
		return nil, missing(err)
	}
	var g errgroup.Group
	g.SetLimit(16) // the client lets fewer through
	for i, f := range p.Archives[1:] {
		g.Go(func() (err error) {
			out[i+1], err = dl.file(f, from(f))
			return err
		})
	}
	return out, missing(g.Wait())
}

// missing turns "not there" into an error: a release without its archives is no release that is still to come.
func missing(err error) error {
	var gone *absent
	if errors.As(err, &gone) {
		return hinted{errors.New(gone.message), "the archives of a release lie in archives/ beside its release.json, or beside it"}
	}
	return err
}
