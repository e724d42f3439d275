/** The message of an S3 notification: which objects were created. */

import { z } from 'zod'

const event = z.object({
  Records: z.array(
    z.object({ eventName: z.string(), s3: z.object({ object: z.object({ key: z.string() }) }) }),
  ),
})

/** S3 sends it once, when the notification is set up. */
const testEvent = z.object({ Event: z.literal('s3:TestEvent') })

/**
 * Keys of the objects that the message says were created; none for S3's test message. Null where the
 * body is no S3 event.
 */
export function readUploadedKeys(body: string): string[] | null {
  let content: unknown
  try {
    content = JSON.parse(body)
  } catch {
    return null
  }
  const records = event.safeParse(content).data?.Records
  if (records === undefined) return testEvent.safeParse(content).success ? [] : null
  return records
    .filter(({ eventName }) => eventName.replace(/^s3:/, '').startsWith('ObjectCreated:'))
    .map(({ s3 }) => decodeKey(s3.object.key))
}

/** S3 encodes a key as a form does; other services send it as it is, where `%` may start no escape. */
function decodeKey(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '))
  } catch {
    return key
  }
}
