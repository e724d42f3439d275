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
          if (!isIntersecting || !link) continue
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
  // The search among all classes comes with its data, once somebody turns to it.
  const finder = () => {
    const box = document.querySelector('[data-search]')
    if (!(box instanceof HTMLElement)) return
    box.hidden = false
    box.querySelector('input')?.addEventListener(
      'focus',
      () => {
        const script = document.createElement('script')
        script.src = box.dataset.search ?? ''
        document.head.append(script)
      },
      { once: true },
    )
  }
  /**
   * Says what the square under the pointer is, and leads to its rows.
   *
   * @param {Element} drawing
   */
  const heat = (drawing) => {
    const plot = drawing.querySelector('.f-raised')
    const says = drawing.parentElement?.querySelector('.readout')
    const data = drawing.parentElement?.querySelector('script[type="application/json"]')
    if (!plot || !says || !data) return
    /** @type {{ classes: string[], cells: [number, number, number, string][] }} */
    const { classes, cells } = JSON.parse(data.textContent ?? '')
    const known = new Map(cells.map((cell) => [cell[0] * classes.length + cell[1], cell]))
    /** @param {MouseEvent} event */
    const under = ({ clientX, clientY }) => {
      const { left, top, width, height } = plot.getBoundingClientRect()
      const column = Math.floor(((clientX - left) / width) * classes.length)
      const row = Math.floor(((clientY - top) / height) * classes.length)
      if (Math.min(row, column) < 0 || Math.max(row, column) >= classes.length) return
      return known.get(row * classes.length + column)
    }
    const words = says.textContent
    drawing.addEventListener('mousemove', (event) => {
      const cell = event instanceof MouseEvent ? under(event) : undefined
      if (drawing instanceof HTMLElement) drawing.style.cursor = cell?.[3] ? 'pointer' : ''
      says.textContent = cell
        ? `${classes[cell[0]]} is taken for ${classes[cell[1]]}: ${cell[2]}`
        : words
    })
    drawing.addEventListener('click', (event) => {
      const cell = event instanceof MouseEvent ? under(event) : undefined
      if (cell?.[3]) location.href = `evidence/${cell[3].replace('#', '.html#')}`
    })
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
    finder()
    for (const drawing of document.querySelectorAll('[data-heat]')) heat(drawing)
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
