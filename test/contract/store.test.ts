import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe } from 'vitest'
import { directoryStore } from '../../lib/publish/directory.ts'
import { memoryStore } from '../../lib/publish/memory.ts'
import { describeStoreContract } from './store-contract.ts'

const folders: string[] = []

afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true })
})

describe('memory store', () => describeStoreContract(async () => memoryStore()))

describe('directory store', () =>
  describeStoreContract(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'nearmiss-store-'))
    folders.push(folder)
    return directoryStore(join(folder, 'site'))
  }))
