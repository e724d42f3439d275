/** In pages of the local server: loads a page anew once its file, or one of the team's own pages, changed. */

/** A folder's address is that of its `index.html`. */
function fileOf(path: string): string {
  return path.endsWith('/') ? `${path}index.html` : path
}

new EventSource('/api/changes').addEventListener('message', ({ data }) => {
  // Who is about to upload something would lose it.
  if (document.querySelector('dialog[open]')) return
  // Names of pages hold no escapes, so what can't be decoded is no page that changed.
  const own = fileOf(location.pathname)
  // An edit of a team's own page shows in every run's.
  if (data === own || (data === '/pages' && own.includes('/pages/'))) location.reload()
})
