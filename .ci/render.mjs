// Reads compiled skills with two renderers of Markdown that skillgen does not use, and says what a reader would find broken:
// headings that don't nest, links to nothing, code blocks that are not the model airplane's files.
//
//   NODE_PATH=…/node_modules node .ci/render.mjs dist/skills      with commonmark and markdown-it installed there; from the project's folder
import { createRequire } from 'node:module'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

const [skills] = process.argv.slice(2)
if (!skills) {
  console.error('usage: node .ci/render.mjs dist/skills')
  process.exit(2)
}
const require = createRequire(import.meta.url) // unlike import, it looks into NODE_PATH
const commonmark = require('commonmark')
const MarkdownIt = require('markdown-it')

const faults = []
const fault = (where, what) => faults.push(`${where}: ${what}`)

// withCommonmark and withMarkdownIt return the same: headings, destinations of links, contents of fenced code blocks.
function withCommonmark(text) {
  const found = { headings: [], links: [], blocks: [] }
  const walker = new commonmark.Parser().parse(text).walker()
  let heading = null
  for (let step; (step = walker.next()); ) {
    const { node, entering } = step
    if (node.type === 'heading') {
      if (entering) found.headings.push((heading = { level: node.level, text: '' }))
      else heading = null
    } else if (!entering) continue
    else if (heading && (node.type === 'text' || node.type === 'code')) heading.text += node.literal
    else if (heading && node.type === 'softbreak') heading.text += ' '
    if (entering && node.type === 'link') found.links.push(node.destination)
    if (node.type === 'code_block' && node._isFenced) found.blocks.push(node.literal)
  }
  return found
}

function withMarkdownIt(text) {
  const found = { headings: [], links: [], blocks: [] }
  const md = new MarkdownIt('commonmark')
  const tokens = md.parse(text, {})
  tokens.forEach((token, i) => {
    if (token.type === 'heading_open') {
      const shown = tokens[i + 1].children.map((t) => (t.type === 'softbreak' ? ' ' : t.type === 'text' || t.type === 'code_inline' ? t.content : ''))
      found.headings.push({ level: Number(token.tag[1]), text: shown.join('') })
    }
    if (token.type === 'fence') found.blocks.push(token.content)
    for (const child of token.children ?? []) if (child.type === 'link_open') found.links.push(child.attrGet('href'))
  })
  return found
}

// anchors numbers GitHub's slugs in the order of the file.
function anchors(headings) {
  const seen = new Map()
  for (const { text } of headings) {
    const slug = text.trim().toLowerCase().replace(/[^\p{L}\p{M}\p{Nd}\p{Nl}\p{Pc}\- ]/gu, '').replaceAll(' ', '-')
    let anchor = slug
    while (seen.has(anchor)) {
      seen.set(slug, seen.get(slug) + 1)
      anchor = `${slug}-${seen.get(slug)}`
    }
    seen.set(anchor, 0)
  }
  return seen
}

function body(text) {
  if (!text.startsWith('---\n')) return text
  return text.slice(text.indexOf('\n---\n', 3) + 5)
}

function checkNesting(where, headings) {
  let level = 0
  for (const h of headings) {
    if (h.level > level + 1) fault(where, `heading "${h.text}" of level ${h.level} follows level ${level}`)
    level = h.level
  }
  if (headings.filter((h) => h.level === 1).length !== 1) fault(where, 'does not have exactly one heading of level 1')
}

function checkLinks(where, file, links, pages, skill) {
  for (const link of links) {
    if (/^([a-z][a-z0-9+.-]*:|\/\/)/i.test(link)) continue
    const [path, fragment] = decodeURIComponent(link).split('#')
    const target = path === '' ? file : normalize(join(dirname(file), path))
    if (path.startsWith('/') || path.includes('..') || !existsSync(join(skill, target))) fault(where, `link ${link} leads to no file`)
    else if (fragment && !pages.get(target)?.anchors.has(fragment)) fault(where, `link ${link} leads to no heading`)
  }
}

// checkBlocks holds the code blocks against the files of the model airplane, as the skill's provenance lists them.
function checkBlocks(name, file, blocks) {
  const { ranges } = JSON.parse(readFileSync(join(skills, '..', 'provenance', `${name}.json`), 'utf8'))
  const sources = ranges.filter((r) => r.file === file && !r.generated && r.source.startsWith('examples/')).map((r) => r.source)
  let compared = 0
  for (const source of new Set(sources)) {
    const text = readFileSync(source, 'utf8').replaceAll('\r\n', '\n')
    if (text.includes('skillgen:ignore')) continue
    compared++
    if (!blocks.includes(text.endsWith('\n') ? text : text + '\n')) fault(`${name}/${file}`, `${source} is no code block of its own`)
  }
  return compared
}

let files = 0
let compared = 0
for (const name of readdirSync(skills).sort()) {
  const skill = join(skills, name)
  const pages = new Map()
  for (const entry of readdirSync(skill, { recursive: true }).sort()) {
    if (!entry.endsWith('.md')) continue
    const text = body(readFileSync(join(skill, entry), 'utf8'))
    const one = withCommonmark(text)
    const two = withMarkdownIt(text)
    for (const part of ['headings', 'blocks']) {
      if (JSON.stringify(one[part]) !== JSON.stringify(two[part])) fault(`${name}/${entry}`, `two renderers see different ${part}`)
    }
    pages.set(entry, { ...one, anchors: anchors(one.headings) })
  }
  for (const [file, page] of pages) {
    files++
    const where = `${name}/${file}`
    if (!file.startsWith('scripts/')) checkNesting(where, page.headings)
    checkLinks(where, file, page.links, pages, skill)
    compared += checkBlocks(name, file, page.blocks)
  }
}
for (const line of faults) console.error(line)
console.log(`${files} Markdown files, ${compared} files of model airplanes, ${faults.length} faults`)
process.exit(faults.length > 0 || files === 0 || compared === 0 ? 1 : 0)
