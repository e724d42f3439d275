import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe } from 'vitest'
import { directoryStore } from '../../lib/publish/directory.ts'
import { memoryStore } from '../../lib/publish/memory.ts'
import { tenantContext } from '../../lib/publish/tenant.ts'
import { describeFaultContract } from './fault-contract.ts'
import { describePublicationContract } from './publication-contract.ts'
import { describeStoreContract } from './store-contract.ts'

const folders: string[] = []

afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true })
})

describe('memory store', () => {
  const openStore = async () => memoryStore()
  describeStoreContract(openStore)
  describePublicationContract(openStore)
  describeFaultContract(openStore)
})

describe('a tenant’s share of a store', () => {
  const openStore = async () =>
    tenantContext({ uploads: memoryStore(), site: memoryStore(), vault: memoryStore() }, 'acme')
      .site
  describeStoreContract(openStore)
  describePublicationContract(openStore)
})

describe('directory store', () => {
  const openStore = async () => {
    const folder = await mkdtemp(join(tmpdir(), 'nearmiss-store-'))
    folders.push(folder)
    return directoryStore(join(folder, 'site'))
  }
  describeStoreContract(openStore)
  describePublicationContract(openStore)
  describeFaultContract(openStore)
})
