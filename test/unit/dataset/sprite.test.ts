import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkSprite } from '../../../lib/dataset/sprite.ts'
import { sampleFile } from '../../evaluate-sample.ts'

const emoji = new Uint8Array(readFileSync(sampleFile('emoji/sprite.png')))
const setting = { sprite: 'sprite.png', tile: [32, 32] as const }

describe('a sprite', () => {
  it('has room for every row', () => {
    // 50 tiles a line, 39 lines: 1,950 for 1,906 rows.
    expect(checkSprite(emoji, setting, 1906)).toEqual({ sheet: [1600, 1248] })
  })

  it('that is too small is told with both numbers', () => {
    const { issue } = checkSprite(emoji, setting, 2000) as { issue: { message: string } }
    expect(issue.message).toContain('1950 tiles')
    expect(issue.message).toContain('2000 rows')
  })

  it('that is no PNG, cut short or absent is told', () => {
    expect(checkSprite(new Uint8Array(100), setting, 1)).toMatchObject({
      issue: { code: 'sprite-format' },
    })
    expect(checkSprite(emoji.slice(0, 12), setting, 1)).toMatchObject({
      issue: { code: 'sprite-format' },
    })
    expect(checkSprite(null, setting, 1)).toMatchObject({
      issue: { code: 'sprite-missing', where: 'sprite.png' },
    })
  })
})
