/** The tables of `docs/inputs.md`: every code of an issue or a warning. */

import { ISSUE_CODE_FAMILIES } from '../core/issue-codes.ts'

export function issueCodeTables(): string {
  return ISSUE_CODE_FAMILIES.map(({ title, codes }) =>
    [
      `### ${title}`,
      '',
      '| code | severity | what it means | what to do |',
      '| --- | --- | --- | --- |',
      ...Object.entries(codes)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(
          ([code, { severity, means, remedy }]) =>
            `| <a id="${code}"></a>\`${code}\` | ${severity} | ${means} | ${remedy} |`,
        ),
    ].join('\n'),
  ).join('\n\n')
}
