/** What a page does beyond being read: remembers a theme, opens what a link points into, copies links. */
;(() => {
  const root = document.documentElement
  /** @param {string} selector */
  const all = (selector) => document.querySelectorAll(selector)
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
    const folded = target?.closest('details') ?? target?.querySelector(':scope > details')
    if (!target || !(folded instanceof HTMLDetailsElement)) return
    folded.open = true
    target.scrollIntoView()
  }
  // The part that is being read is marked in the contents, and the strip of a small screen follows it.
  const follow = () => {
    const links = [...all('.contents a')]
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
    for (const part of all('.part[id]')) seen.observe(part)
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
      copies(button, `Copy for ${name}`, () => runnable(code, name === 'Observable'))
      line.append(button)
    }
    code.closest('pre')?.after(line)
  }
  // Where nobody said at publishing what the site's address is, the page knows it now.
  const backLinks = () => {
    const site = document.querySelector('.crumbs a')
    if (!(site instanceof HTMLAnchorElement) || !site.href.startsWith('http')) return
    const home = encodeURIComponent(new URL('.', site.href).href)
    for (const link of all('a[data-back]')) {
      if (!(link instanceof HTMLAnchorElement)) continue
      const back = encodeURIComponent(link.dataset.back ?? '')
      link.href = link.href.replace(back, home + back)
    }
  }
  /**
   * Without TLS a page has no clipboard of its own, and copies what is selected in a field.
   *
   * @param {string} text
   */
  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text)
    } catch {
      const before = document.activeElement
      const field = document.createElement('textarea')
      field.value = text
      field.className = 'unseen'
      document.body.append(field)
      field.select()
      const copied = document.execCommand('copy')
      field.remove()
      if (before instanceof HTMLElement) before.focus()
      if (!copied) throw new Error()
    }
  }
  /**
   * A button that copies, and says on itself what came of it.
   *
   * @param {HTMLElement} button
   * @param {string} words
   * @param {() => string} text
   */
  const copies = (button, words, text) => {
    button.textContent = words
    button.addEventListener('click', async () => {
      /** @param {string} outcome */
      const say = (outcome) => {
        button.textContent = outcome
        setTimeout(() => {
          button.textContent = words
        }, 1500)
      }
      try {
        await copy(text())
        say('Copied')
      } catch {
        say('Can’t copy here')
      }
    })
  }
  // What an item asks for, as a ticket of any tracker takes it.
  const tickets = () => {
    for (const place of all('.item .links, .actions[data-owner]')) {
      const owned = place.closest('[data-owner]')
      const around = place.closest('.item') ?? document.querySelector('main')
      const button = document.createElement('button')
      button.type = 'button'
      button.className = 'as-link'
      copies(button, 'Copy as a ticket', () => {
        const parts = [...(around?.querySelectorAll('.orders > div') ?? [])].map(
          ({ firstChild, lastChild }) => `${firstChild?.textContent}: ${lastChild?.textContent}`,
        )
        const page = place.querySelector('a[href*="/items/"]')
        return [
          around?.querySelector('h3, h1')?.lastChild?.textContent?.trim(),
          ...parts,
          `Owner: ${owned instanceof HTMLElement ? owned.dataset.owner : ''}`,
          page instanceof HTMLAnchorElement ? page.href : location.href.replace(/#.*/, ''),
        ].join('\n\n')
      })
      const ticket = place.querySelector('.ticket-link')
      if (ticket) ticket.after(button)
      else place.prepend(button)
    }
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
    for (const code of all('code[data-code]')) {
      if (code instanceof HTMLElement) copying(code)
    }
    backLinks()
    for (const link of all('a[data-copy-link]')) {
      if (link instanceof HTMLAnchorElement) copies(link, 'Copy link', () => link.href)
    }
    for (const button of all('[data-copy-text]')) {
      if (!(button instanceof HTMLElement)) continue
      copies(button, button.textContent, () => button.dataset.copyText ?? '')
    }
    tickets()
  })
})()
