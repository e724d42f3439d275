/** What a page does beyond being read: remembers a theme, opens what a link points into, copies links. */
;(() => {
  const root = document.documentElement
  /** @param {string} [value] */
  const remembered = (value) => {
    try {
      if (value === undefined) return localStorage.getItem('nearmiss-theme')
      localStorage.setItem('nearmiss-theme', value)
    } catch {
      return null
    }
  }
  const theme = remembered()
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)))
    const folded = target?.closest('details')
    if (!target || !folded) return
    folded.open = true
    target.scrollIntoView()
  }
  // The part that is being read is marked in the contents, and the strip of a small screen follows it.
  const follow = () => {
    const links = [...document.querySelectorAll('.contents a')]
    const parts = new Map(links.map((link) => [link.getAttribute('href')?.slice(1), link]))
    const seen = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          const link = parts.get(target.id)
          if (!link) continue
          if (!isIntersecting) {
            // Above the first part nothing of the contents is being read.
            link.removeAttribute('aria-current')
            continue
          }
          for (const other of links) other.removeAttribute('aria-current')
          link.setAttribute('aria-current', 'true')
          const strip = link.closest('ol')
          const { left, width } = link.getBoundingClientRect()
          if (strip) strip.scrollLeft += left - strip.clientWidth / 2 + width / 2
        }
      },
      { rootMargin: '-20% 0px -75%' },
    )
    for (const part of document.querySelectorAll('.part[id]')) seen.observe(part)
  }
  // What is confused with what comes as a script, once somebody turns to the heatmap or its search.
  const confusion = () => {
    const box = document.querySelector('[data-search]')
    const drawing = document.querySelector('[data-heat]')
    if (box instanceof HTMLElement) box.hidden = false
    let loaded = false
    const load = () => {
      if (loaded) return
      loaded = true
      const script = document.createElement('script')
      script.src = 'confusion.js'
      document.head.append(script)
    }
    box?.querySelector('input')?.addEventListener('focus', load)
    drawing?.addEventListener('pointerenter', load)
  }
  // The map that moves comes with its data, once it is about to be seen.
  const mover = () => {
    const figure = document.querySelector('[data-map]')
    if (!(figure instanceof HTMLElement)) return
    const near = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return
        near.disconnect()
        const script = document.createElement('script')
        script.src = figure.dataset.map ?? ''
        document.head.append(script)
      },
      { rootMargin: '400px' },
    )
    near.observe(figure)
  }
  /**
   * The code under a figure with the lines that load its data, as Node or Observable takes it.
   *
   * @param {HTMLElement} code
   * @param {boolean} observable
   */
  const runnable = (code, observable) => {
    const loading = (document.querySelector('[data-loading]')?.textContent ?? '')
      .replace(/new URL\('[^']*'\)/, `new URL('${new URL('.', location.href).href}')`)
      .replace(/^import .*node:fs.*\n/, observable ? '' : '$&')
      .replace(/^.*readFile\(url\).*\n/m, observable ? '' : '$&')
      .replace(/ from '(?=\w+'$)/gm, observable ? " from 'npm:" : '$&')
    if (code.dataset.code === 'table') {
      const show = observable ? 'display(Inputs.table(table))' : 'table.print()'
      return `${loading}\n\nconst table = ${code.textContent}\n${show}\n`
    }
    const show = observable
      ? "import embed from 'npm:vega-embed'\nconst chart = document.createElement('div')\nawait embed(chart, spec)\ndisplay(chart)"
      : 'console.log(JSON.stringify(spec, null, 2))'
    return `${loading}\n\n${code.textContent}\n${show}\n`
  }
  /** @param {HTMLElement} code */
  const copying = (code) => {
    const line = document.createElement('p')
    line.className = 'copies'
    for (const name of ['Node', 'Observable']) {
      const button = document.createElement('button')
      button.type = 'button'
      button.textContent = `Copy for ${name}`
      button.addEventListener('click', async () => {
        await navigator.clipboard.writeText(runnable(code, name === 'Observable'))
        button.textContent = 'Copied'
        setTimeout(() => {
          button.textContent = `Copy for ${name}`
        }, 1500)
      })
      line.append(button)
    }
    code.closest('pre')?.after(line)
  }
  addEventListener('hashchange', reveal)
  addEventListener('DOMContentLoaded', () => {
    reveal()
    follow()
    const toggle = document.querySelector('[data-theme-toggle]')
    if (toggle instanceof HTMLElement) {
      toggle.hidden = false
      toggle.addEventListener('click', () => {
        const dark = root.dataset.theme
          ? root.dataset.theme === 'dark'
          : matchMedia('(prefers-color-scheme: dark)').matches
        root.dataset.theme = dark ? 'light' : 'dark'
        remembered(root.dataset.theme)
      })
    }
    confusion()
    mover()
    for (const code of document.querySelectorAll('code[data-code]')) {
      if (code instanceof HTMLElement) copying(code)
    }
    for (const link of document.querySelectorAll('a[data-copy-link]')) {
      if (!(link instanceof HTMLAnchorElement)) continue
      const words = link.textContent
      link.textContent = 'Copy link'
      link.addEventListener('click', () => {
        navigator.clipboard?.writeText(link.href).then(
          () => {
            link.textContent = 'Copied'
            setTimeout(() => {
              link.textContent = 'Copy link'
            }, 1500)
          },
          () => {
            link.textContent = words
          },
        )
      })
    }
  })
})()
