/** `<project>/index.json` and `projects.json`: the objects that every run changes. */

import { compareText } from '../core/names.ts'
import type { ProjectEntry, ProjectIndex, ProjectsIndex, RunEntry } from '../core/project-index.ts'
import type { Store } from '../core/store.ts'
import {
  otherProject,
  readJson,
  rebuildJson,
  type UpdateContext,
  type UpdatedObject,
  updateJson,
} from './json-object.ts'
import { PROJECTS_KEY, projectIndexKey } from './keys.ts'
import { PROJECT_INDEX, PROJECTS_INDEX } from './shapes.ts'

/** Null where nothing of the project was published yet. */
export async function readIndex(store: Store, project: string): Promise<ProjectIndex | null> {
  return (await readJson<ProjectIndex>(store, projectIndex(project)))?.value ?? null
}

/**
 * Changes the project's index under compare-and-swap, and resolves to what it is then. `change` may
 * be called several times, each time with what is there by then: applied twice it must do no more
 * than once (replace the run of that name, say, rather than append it).
 *
 * @throws StoreRefusedError `unreadable-object`: broken, or of another schema; it is left as it is.
 * @throws StoreError `contested` where it never got its turn.
 */
export function updateIndex(
  store: Store,
  project: string,
  change: (index: ProjectIndex) => ProjectIndex,
  context: UpdateContext,
): Promise<ProjectIndex> {
  return updateJson(store, projectIndex(project), change, context)
}

/** Makes the project's index anew, under compare-and-swap, even where it can't be read. */
export function rebuildIndex(
  store: Store,
  project: string,
  build: () => Promise<ProjectIndex>,
): Promise<ProjectIndex> {
  return rebuildJson(store, projectIndex(project), build)
}

/** Makes the site's list of projects anew, under compare-and-swap, even where it can't be read. */
export function rebuildProjects(
  store: Store,
  build: () => Promise<readonly ProjectEntry[]>,
): Promise<ProjectsIndex> {
  return rebuildJson(store, PROJECTS, async () =>
    (await build()).reduce(withProject, PROJECTS.empty()),
  )
}

/** Null where nothing was published yet. */
export async function readProjects(store: Store): Promise<ProjectsIndex | null> {
  return (await readJson<ProjectsIndex>(store, PROJECTS))?.value ?? null
}

/** Enters a project's latest run into the site's list, unless a later one stands there. */
export function updateProjects(
  store: Store,
  entry: ProjectEntry,
  context: UpdateContext,
): Promise<ProjectsIndex> {
  return updateJson(store, PROJECTS, (index) => withProject(index, entry), context)
}

/** What the site's list says of a project from now on: its latest run, or nothing any more. */
export function replaceProject(
  store: Store,
  project: string,
  latest: RunEntry | null,
  context: UpdateContext,
): Promise<ProjectsIndex> {
  const change = (index: ProjectsIndex): ProjectsIndex => {
    const others = index.projects.filter((entry) => entry.project !== project)
    const without = { ...index, projects: others }
    return latest === null ? without : withProject(without, { project, latest })
  }
  return updateJson(store, PROJECTS, change, context)
}

function withProject(index: ProjectsIndex, entry: ProjectEntry): ProjectsIndex {
  const present = index.projects.find(({ project }) => project === entry.project)
  if (present && present.latest.createdAt > entry.latest.createdAt) return index
  const others = index.projects.filter(({ project }) => project !== entry.project)
  return {
    ...index,
    projects: [...others, entry].sort((a, b) => compareText(a.project, b.project)),
  }
}

const REMEDY =
  'If a newer nearmiss wrote it, use that one. Otherwise `nearmiss repair SITE` makes it anew from the runs, which stay as they are; then publish again.'

const PROJECTS: UpdatedObject<ProjectsIndex> = {
  key: PROJECTS_KEY,
  title: 'list of projects',
  schema: 'nearmiss.projects/1',
  shape: PROJECTS_INDEX,
  remedy: REMEDY,
  empty: () => ({ schema: 'nearmiss.projects/1', projects: [] }),
}

function projectIndex(project: string): UpdatedObject<ProjectIndex> {
  return {
    key: projectIndexKey(project),
    title: 'project index',
    schema: 'nearmiss.index/1',
    shape: PROJECT_INDEX,
    mismatch: (index) => otherProject(index, project),
    remedy: REMEDY,
    empty: () => ({ schema: 'nearmiss.index/1', project, runs: [], items: {} }),
  }
}
