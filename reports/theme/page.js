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
  addEventListener('hashchange', reveal)
  addEventListener('DOMContentLoaded', () => {
    reveal()
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
