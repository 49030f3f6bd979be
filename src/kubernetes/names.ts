import { UsageError } from '../errors.ts';

/**
 * Why a text cannot be one segment of a URL path, in the words of apimachinery's `IsValidPathSegmentName`; undefined when it can.
 * The server checks again; this check is what keeps `../../secrets/x` from ever reaching it as another path.
 */
export function segmentProblem(text: string): string | undefined {
  if (text === '') return 'may not be empty';
  if (text === '.' || text === '..') return `may not be '${text}'`;
  const problems = ['/', '%'].filter((mark) => text.includes(mark)).map((mark) => `may not contain '${mark}'`);
  if (problems.length > 0) return problems.join(', ');
  return text.isWellFormed() ? undefined : 'is not well-formed text';
}

/**
 * A text as one encoded path segment.
 * @param what what the text is, for the message: `resource name`, `namespace`.
 * @throws UsageError in kubectl's words: `invalid resource name "..": [may not be '..']`.
 */
export function encodeSegment(text: string, what: string): string {
  const problem = segmentProblem(text);
  if (problem !== undefined) throw new UsageError(`error: invalid ${what} ${JSON.stringify(text)}: [${problem}]`);
  return encodeURIComponent(text);
}

/** `deployments.apps`, or `pods` in the core group: how kubectl names a kind in errors. */
export function qualifiedPlural(resource: { plural: string; group: string }): string {
  return resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
}

/** `deployment.apps/web`, or `pod/web-1` in the core group: how kubectl names an object. */
export function objectName(resource: { singular: string; kind: string; group: string }, name: string): string {
  const singular = resource.singular === '' ? resource.kind.toLowerCase() : resource.singular;
  return resource.group === '' ? `${singular}/${name}` : `${singular}.${resource.group}/${name}`;
}
