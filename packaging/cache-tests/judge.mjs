// Judges what the suite has found in one run or several, of which one good one is enough:
// judge.mjs SUITE-FOLDER EXPECTED.txt RESULTS.json...
import fs from 'fs'
import { pathToFileURL } from 'url'

const [folder, expectedFile, ...resultsFiles] = process.argv.slice(2)
const load = name => import(pathToFileURL(`${folder}/tests/${name}.mjs`)).then(m => m.default)
const groups = [...await load('index'), await load('surrogate-control')].flat()
const results = {}
for (const file of resultsFiles) {
  for (const [id, result] of Object.entries(JSON.parse(fs.readFileSync(file, 'utf8')))) {
    results[id] = results[id] === true ? true : result
  }
}
const expected = new Set(fs.readFileSync(expectedFile, 'utf8').split('\n')
  .map(line => line.replace(/#.*/, '').trim()).filter(line => line !== ''))

const all = { required: [0, 0], optimal: [0, 0], check: [0, 0] }
const failing = []
for (const group of groups) {
  let passed = 0
  let count = 0
  for (const test of group.tests.filter(one => one.browser_only !== true)) {
    const kind = test.kind || 'required'
    const good = results[test.id] === true
    count++
    passed += good ? 1 : 0
    all[kind][0] += good ? 1 : 0
    all[kind][1]++
    if (!good) {
      failing.push([test.id, kind, String((results[test.id] || ['', 'was not run'])[1])])
    }
  }
  console.log(`${String(passed).padStart(3)} of ${String(count).padStart(3)}  ${group.name}`)
}
const sum = i => Object.values(all).reduce((total, one) => total + one[i], 0)
console.log(`${String(sum(0)).padStart(3)} of ${String(sum(1)).padStart(3)}  all: ` +
  Object.entries(all).map(([kind, one]) => `${kind} ${one[0]} of ${one[1]}`).join(', '))

// A behaviour that is asked about is no duty: what it says is told, and held to the list as well.
let surprises = 0
for (const [id, kind, why] of failing) {
  const known = expected.has(id)
  surprises += known ? 0 : 1
  console.log(`${known ? 'known' : 'FAILS'}  ${kind.padEnd(8)}  ${id}: ${why}`)
}
for (const id of expected) {
  if (!failing.some(one => one[0] === id)) {
    console.log(`PASSES but is in the list: ${id}`)
    surprises++
  }
}
process.exit(surprises === 0 ? 0 : 1)
