import { describe, expect, it } from 'vitest'
import { singlePage } from '../../../functions/commands/single-page.ts'
import { memoryStore } from '../../../lib/publish/memory.ts'

describe('a page as one file', () => {
  it('holds pictures and data once, keeps links that work, and drops those that would not', async () => {
    const site = memoryStore()
    await site.put('p/assets/abc.png', 'PNG')
    await site.put('p/runs/r/report.json', '{}')
    await site.put('p/runs/r/rows.parquet', 'PAR1')
    await site.put(
      'p/runs/r/index.html',
      [
        '<svg><image id="sheet" href="../../assets/abc.png" width="8"/></svg>',
        '<img alt="x" src="https://pictures.example/1.png">',
        '<a href="report.json">data</a> <a class="b" href="report.json">again</a>',
        '<a href="../../index.html">project</a> <a href="#confused">here</a>',
        '<a rel="noopener" href="https://tracker.example/new">issue</a>',
        '<footer></footer>',
      ].join('\n'),
    )
    expect(await singlePage(site, 'p/runs/r')).toBe(
      [
        `<svg><image id="sheet" href="data:image/png;base64,${btoa('PNG')}" width="8"/></svg>`,
        '<img alt="x" src="https://pictures.example/1.png">',
        '<a href="#file-report.json">data</a> <a class="b" href="#file-report.json">again</a>',
        '<a>project</a> <a href="#confused">here</a>',
        '<a rel="noopener" href="https://tracker.example/new">issue</a>',
        '<footer><p>Files of this report: ' +
          `<a id="file-report.json" download="report.json" href="data:application/json;base64,${btoa('{}')}">report.json</a>, ` +
          `<a id="file-rows.parquet" download="rows.parquet" href="data:application/vnd.apache.parquet;base64,${btoa('PAR1')}">rows.parquet</a>` +
          '</p></footer>',
      ].join('\n'),
    )
  })
})
