import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openOut, openPlace, openSite } from '../../../functions/commands/site.ts'

describe('the site that a command works on', () => {
  let folder: string

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nearmiss-site-'))
  })

  afterEach(async () => {
    await rm(folder, { recursive: true })
  })

  it('is a folder with a list of projects, or with runs that no list names yet', async () => {
    await writeFile(join(folder, 'projects.json'), '{}')
    expect((await openSite(folder)).name).toBe(`directory ${folder}`)
    await rm(join(folder, 'projects.json'))
    await mkdir(join(folder, 'digits', 'runs', 'v1'), { recursive: true })
    expect((await openSite(folder)).name).toBe(`directory ${folder}`)
  })

  it('is the part `site` of the folder of serve', async () => {
    await mkdir(join(folder, 'uploads', 'digits', 'v1'), { recursive: true })
    await mkdir(join(folder, 'site', 'digits', 'runs', 'v1'), { recursive: true })
    expect((await openSite(folder)).name).toBe(`directory ${join(folder, 'site')}`)
  })

  it('is a bucket, or a part of one', async () => {
    const env = { AWS_REGION: 'eu-central-1' }
    expect((await openSite('s3://reports', env)).name).toBe('bucket reports')
    expect((await openSite('s3://reports/', env)).name).toBe('bucket reports')
    expect((await openSite('s3://reports/a/b', env)).name).toBe('bucket reports under a/b/')
  })

  it('has its vault beside it, never in it', async () => {
    const env = { AWS_REGION: 'eu-central-1' }
    const there = await openOut('s3://reports/a/b/', env)
    expect(there.site.name).toBe('bucket reports under a/b/')
    expect(there.vault.name).toBe('bucket reports under a/b.vault/')
    expect(there.placeOf('p/index.html')).toBe('s3://reports/a/b/p/index.html')
    const deployed = { ...env, UPLOADS_BUCKET: 'uploads' }
    const whole = await openOut('s3://reports', deployed)
    expect(whole.vault.name).toBe('bucket uploads under vault/')
    expect(whole.placeOf('p/index.html')).toBe('s3://reports/p/index.html')
    expect((await openOut('s3://reports/a', deployed)).vault.name).toBe(whole.vault.name)
    expect((await openPlace('s3://reports/a/b', env)).vault.name).toBe(there.vault.name)
    expect((await openPlace('s3://reports', env)).vault.name).toBe('memory')
    await expect(openOut('s3://reports', env)).rejects.toMatchObject({
      code: 'no-vault',
      hint: expect.stringContaining('UPLOADS_BUCKET'),
    })
  })

  it.each(['https://me:pw@example.com/x', 'gs://reports', '-'])('is never %s', async (place) => {
    const error = await openOut(place).catch((error: unknown) => error)
    expect(error).toMatchObject({ code: 'wrong-usage' })
    expect(String(error)).not.toContain('pw')
  })

  it('is told where there is none', async () => {
    await mkdir(join(folder, 'pictures'))
    for (const place of [folder, join(folder, 'nothing')]) {
      await expect(openSite(place)).rejects.toMatchObject({
        code: 'no-site',
        message: `there is no site in ${place}`,
      })
    }
    await expect(openSite('s3://')).rejects.toMatchObject({ code: 'wrong-usage' })
    await expect(openSite('s3:/reports')).rejects.toMatchObject({ code: 'wrong-usage' })
  })
})
