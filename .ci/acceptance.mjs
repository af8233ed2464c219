// Runs C1 to C6: what real consumers make of a release. Started by .ci/acceptance, which installs them.
//
//   node acceptance.mjs [NAME=]DIST[=EXPECTED.json]…
//
// EXPECTED.json says what is to be found: {"skills": [names], "descriptions": {name: text}, "plugins": {name: [names]}}. Without it, that is what lies in DIST/skills,
// described by manifest.json, all in one plugin or as marketplace.json divides it. Prints a table; exit 1 where a check fails.
import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve, sep } from 'node:path'

const limit = 180_000 // milliseconds for one command
const sample = 3 // skills that are given to a consumer which takes one at a time, and seconds for each

const json = (file) => JSON.parse(readFileSync(file, 'utf8'))
const sorted = (list) => [...list].sort()
const show = (text) => JSON.stringify(text).slice(1, -1).replace(/[^\x20-\x7e]/g, (c) => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'))

class Failure extends Error {
  constructor(message, said = '') {
    super(message)
    this.said = said
  }
}

// run starts a consumer with an empty stdin and a home of its own, and fails unless it exits 0. What it prints comes back without ANSI codes. It goes
// through files: some consumers exit before a pipe has taken all they print.
async function run(cwd, home, ...argv) {
  mkdirSync(home, { recursive: true })
  const folder = mkdtempSync(join(tmpdir(), 'said-'))
  const paths = { stdout: join(folder, 'stdout'), stderr: join(folder, 'stderr') }
  const fds = [openSync(paths.stdout, 'w'), openSync(paths.stderr, 'w')]
  const child = spawn(argv[0], argv.slice(1), { cwd, env: { ...process.env, HOME: home }, stdio: ['ignore', ...fds], detached: true })
  let late = false
  const timer = setTimeout(() => {
    late = true
    process.kill(-child.pid, 'SIGKILL') // the group that it leads
  }, limit)
  const exit = await new Promise((done) => child.on('error', (err) => done(err.message)).on('exit', (code, signal) => done(code ?? signal)))
  clearTimeout(timer)
  fds.forEach((fd) => closeSync(fd))
  const plain = (path) => readFileSync(path, 'utf8').replace(/\x1b\[[0-?]*[ -/]*[@-~]/g, '')
  const said = { stdout: plain(paths.stdout), stderr: plain(paths.stderr) }
  const all = said.stdout + said.stderr
  if (exit !== 0) throw new Failure(`${[basename(argv[0]), ...argv.slice(1)].join(' ')}: ${late ? 'did not end' : `exit ${exit}`}`, all)
  return { ...said, all }
}

// same fails unless a consumer found exactly what is there, and returns how many that is.
function same(what, found, expected, said) {
  const missing = expected.filter((name) => !found.includes(name))
  const more = found.filter((name) => !expected.includes(name))
  if (missing.length + more.length > 0 || found.length !== expected.length) {
    throw new Failure(`${what}: found ${found.length} of ${expected.length}; missing: ${missing.join(' ') || 'none'}; not expected: ${more.join(' ') || 'none'}`, said)
  }
  return found.length
}

// sameTexts fails unless a consumer lists every skill with the description that it has; listed are matches of a name and a description. Of one that is
// longer than most, in units of UTF-16, an index has the beginning.
function sameTexts(r, listed, said, most = Infinity) {
  same('listed', listed.map((m) => m[1]), r.skills, said)
  for (const [, name, text] of listed) {
    const want = r.descriptions[name]?.trim()
    if (want === undefined || text === want || (want.length > most && text.length > most - 3 && text.endsWith('…') && want.startsWith(text.slice(0, -1)))) continue
    throw new Failure(`${name}: the description is ${text}, not ${want}`, '')
  }
  return listed.length
}

// files lists what lies below a folder, by path.
const files = (dir) => sorted(readdirSync(dir, { recursive: true }).filter((f) => statSync(join(dir, f)).isFile()))

function sameBytes(original, copy) {
  same(copy, files(copy), files(original), '')
  for (const f of files(original)) {
    if (!readFileSync(join(original, f)).equals(readFileSync(join(copy, f)))) throw new Failure(`${copy}: ${f} has other bytes`)
  }
}

const types = { '.html': 'text/html', '.css': 'text/css', '.json': 'application/json', '.md': 'text/markdown', '.txt': 'text/plain', '.gz': 'application/gzip', '.zip': 'application/zip' }

// serve makes a folder a static site on 127.0.0.1.
async function serve(dist) {
  const server = createServer((request, response) => {
    try {
      const path = resolve(dist, '.' + decodeURIComponent(new URL(request.url, 'http://127.0.0.1').pathname))
      if (!path.startsWith(dist + sep)) throw new Error('outside')
      const data = readFileSync(path)
      response.writeHead(200, { 'content-type': types[path.slice(path.lastIndexOf('.'))] ?? 'application/octet-stream' }).end(data)
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() }
}

function noneSkipped(said) {
  const skipped = [...said.stderr.split('\n'), ...said.stdout.split('\n').filter((line) => !line.startsWith('│'))].filter((line) => /skipp|invalid|warn/i.test(line))
  if (skipped.length > 0) throw new Failure('a skill was skipped', skipped.join('\n'))
}

// installAll has the skills CLI copy every skill, and holds each copy against the release.
async function installAll(r, source, ...flags) {
  const cwd = mkdtempSync(join(tmpdir(), 'project-'))
  const said = await run(cwd, r.home, 'skills', 'add', source, '--skill', '*', '-a', 'claude-code', '-y', '--copy', ...flags)
  noneSkipped(said)
  const copies = join(cwd, '.claude/skills')
  same(copies, existsSync(copies) ? readdirSync(copies) : [], r.skills, said.all)
  for (const name of r.skills) sameBytes(join(r.dist, 'skills', name), join(copies, name))
  return said
}

// few picks skills from the beginning, the middle and the end of those sorted by the length of their names.
function few(skills) {
  const byLength = [...skills].sort((a, b) => a.length - b.length || (a < b ? -1 : 1))
  const n = Math.min(sample, byLength.length)
  return [...new Set(Array.from({ length: n }, (_, i) => byLength[Math.round((i * (byLength.length - 1)) / Math.max(n - 1, 1))]))]
}

// A check returns how much passed, and how much had to.
const checks = [
  ['C1 claude plugin validate --strict', async (r) => {
    const folders = [r.dist]
    for (const p of json(join(r.dist, '.claude-plugin/marketplace.json')).plugins) folders.push(join(r.dist, p.source))
    const unique = [...new Set(folders)]
    for (const folder of unique) {
      // A plugin whose entry is its manifest (strict: false) has none of its own: its folder is read as skills.
      const said = await run(r.work, r.home, 'claude', 'plugin', 'validate', '--strict', folder)
      if (!said.all.includes('Validation passed')) throw new Failure(`${folder}: not validated`, said.all)
    }
    return [unique.length, unique.length]
  }],
  ['C2 claude plugin install, details', async (r) => {
    await run(r.work, r.home, 'claude', 'plugin', 'marketplace', 'add', r.dist)
    const market = json(join(r.dist, '.claude-plugin/marketplace.json')).name
    const found = []
    for (const [plugin, skills] of Object.entries(r.plugins)) {
      await run(r.work, r.home, 'claude', 'plugin', 'install', `${plugin}@${market}`)
      const said = await run(r.work, r.home, 'claude', 'plugin', 'details', `${plugin}@${market}`)
      const line = /^ *Skills \((\d+)\) +(.*)$/m.exec(said.stdout)
      if (!line) throw new Failure(`${plugin}: no inventory`, said.all)
      const listed = line[2].split(', ').map((s) => s.trim())
      if (listed.length !== Number(line[1])) throw new Failure(`${plugin}: ${line[1]} skills, and ${listed.length} names`, said.all)
      same(`inventory of ${plugin}`, listed, skills, said.all)
      found.push(...listed)
    }
    return [new Set(found).size, r.skills.length]
  }],
  ['C3 skills add DIST --list', async (r) => {
    const said = await run(r.work, r.home, 'skills', 'add', r.dist, '--list')
    noneSkipped(said)
    const listed = [...said.stdout.matchAll(/^│ {4}([a-z0-9-]+)\n│\n│ {6}(.*)$/gm)]
    sameTexts(r, listed, said.all)
    return [Number(/Found (\d+) skills?/.exec(said.stdout)?.[1]), r.skills.length]
  }],
  ['C4 skills add DIST --skill --copy', async (r) => {
    const said = await installAll(r, r.dist, '--json')
    const report = JSON.parse(said.stdout.slice(said.stdout.search(/^\[$/m)))
    const installed = report.filter((s) => s.status === 'installed').map((s) => s.name)
    return [same('installed', installed, r.skills, said.all), r.skills.length]
  }],
  ['C5 skills add http:// --list', async (r) => {
    const said = await run(r.work, r.home, 'skills', 'add', r.site.url, '--list')
    noneSkipped(said)
    const listed = [...said.stdout.matchAll(/^[^a-zA-Z]*Skill: ([a-z0-9-]+)\n│\n│ {2}(.*)$/gm)]
    return [sameTexts(r, listed, said.all, 1024), r.skills.length]
  }],
  ['C5 skills add http:// --skill --copy', async (r) => {
    await installAll(r, r.site.url) // has no --json; the copies say what was installed
    return [r.skills.length, r.skills.length]
  }],
  ['C6 gemini extensions validate', async (r) => {
    const said = await run(r.work, r.home, 'gemini', 'extensions', 'validate', r.dist)
    if (!said.all.includes('successfully validated')) throw new Failure('not validated', said.all)
    return [1, 1]
  }],
  ['C6 gemini skills install', async (r) => {
    const some = few(r.skills)
    for (const name of some) {
      await run(r.work, r.home, 'gemini', 'skills', 'install', join(r.dist, 'skills', name), '--consent')
      sameBytes(join(r.dist, 'skills', name), join(r.home, '.gemini/skills', name))
    }
    return [readdirSync(join(r.home, '.gemini/skills')).length, some.length]
  }],
]

function release(argument, i) {
  const parts = argument.split('=')
  if (parts.length === 1) parts.unshift(basename(resolve(parts[0])))
  const [name, dist, expected] = [parts[0], resolve(parts[1]), parts[2]]
  const r = { name, dist, home: join(process.env.HOME, String(i)), work: mkdtempSync(join(tmpdir(), 'work-')) }
  if (expected) return { ...r, ...json(expected) }
  r.descriptions = Object.fromEntries(json(join(dist, 'manifest.json')).skills.map((s) => [s.name, s.description]))
  r.skills = sorted(readdirSync(join(dist, 'skills')))
  const plugins = json(join(dist, '.claude-plugin/marketplace.json')).plugins
  r.plugins = Object.fromEntries(plugins.map((p) => [p.name, plugins.length === 1 ? r.skills : p.skills.map((s) => s.replace('./', ''))]))
  return r
}

const rows = []
for (const r of process.argv.slice(2).map(release)) {
  r.site = await serve(r.dist)
  for (const [check, body] of checks) {
    const start = Date.now()
    const row = { check, release: r.name, result: 'FAILED', count: '' }
    try {
      const [found, expected] = await body(r)
      row.count = `${found}/${expected}`
      if (found === expected && expected > 0) row.result = 'passed'
    } catch (err) {
      console.error(`\n${r.name}: ${check}: ${show(err.message)}`)
      const said = (err.said ?? err.stack).trimEnd().split('\n').slice(-25)
      for (const line of said) console.error(`  | ${show(line)}`)
    }
    row.seconds = ((Date.now() - start) / 1000).toFixed(1)
    rows.push(row)
  }
  r.site.close()
}

const columns = ['check', 'release', 'result', 'count', 'seconds']
const wide = columns.map((c) => Math.max(c.length, ...rows.map((row) => row[c].length)))
const line = (row) => columns.map((c, i) => (c === 'seconds' ? row[c].padStart(wide[i]) : row[c].padEnd(wide[i]))).join('  ')
console.log(line(Object.fromEntries(columns.map((c) => [c, c]))))
for (const row of rows) console.log(line(row))
const failed = rows.filter((row) => row.result !== 'passed').length
console.log(`${rows.length} checks, ${failed} failed`)
process.exit(failed > 0 || rows.length === 0 ? 1 : 0)
