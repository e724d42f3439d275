/** SVG to PNG without a browser: resvg as WebAssembly, with fonts of the package's own. */

import { initWasm, Resvg } from '@resvg/resvg-wasm'
import { reportBytes } from '../files/report-file.ts'

let fonts: Promise<Uint8Array[]> | undefined

/** The same SVG gives the same bytes, whatever fonts the machine has. */
export async function drawPng(svg: string): Promise<Uint8Array> {
  fonts ??= prepare()
  const resvg = new Resvg(svg, {
    font: { fontBuffers: await fonts, defaultFontFamily: 'Inter', loadSystemFonts: false },
  })
  try {
    const image = resvg.render()
    const png = image.asPng()
    image.free()
    return png
  } finally {
    resvg.free()
  }
}

async function prepare(): Promise<Uint8Array[]> {
  await initWasm(new WebAssembly.Module(reportBytes('resvg.wasm')))
  return ['regular', 'semibold'].map((name) => reportBytes(`fonts/inter-${name}.ttf`))
}
