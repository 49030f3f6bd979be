import type { Resource } from './resources.ts';

export interface Cause {
  reason: string;
  message: string;
  field?: string;
}

/** A field that does not hold, as `field.Error` in apimachinery. */
export interface FieldError {
  field: string;
  type: 'Invalid value' | 'Required value' | 'Forbidden' | 'Unsupported value' | 'Duplicate value' | 'Too long';
  value?: unknown;
  detail: string;
}

const CAUSE_REASON: Record<FieldError['type'], string> = {
  'Invalid value': 'FieldValueInvalid',
  'Required value': 'FieldValueRequired',
  Forbidden: 'FieldValueForbidden',
  'Unsupported value': 'FieldValueNotSupported',
  'Duplicate value': 'FieldValueDuplicate',
  'Too long': 'FieldValueTooLong',
};

/** Every refusal of the API server: it becomes a `Status` object with the code, reason and details that the real one forms. */
export class ApiError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly details: Record<string, unknown> | undefined;

  constructor(code: number, reason: string, message: string, details?: Record<string, unknown>) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  toStatus(): Record<string, unknown> {
    const status: Record<string, unknown> = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      reason: this.reason,
    };
    if (this.reason === '') delete status.reason;
    if (this.details) status.details = this.details;
    status.code = this.code;
    return status;
  }
}

type Named = Pick<Resource, 'group' | 'plural'>;

/** `deployments.apps`, or `pods` in the core group. */
export function qualified(resource: Named): string {
  return resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
}

/** Go's `%q`: a name from outside cannot break the line. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

function detailsOf(resource: Named, name: string, extra: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    ...(name === '' ? {} : { name }),
    ...(resource.group === '' ? {} : { group: resource.group }),
    kind: resource.plural,
    ...extra,
  };
}

export function notFound(resource: Named, name: string): ApiError {
  return new ApiError(404, 'NotFound', `${qualified(resource)} ${quoted(name)} not found`, detailsOf(resource, name));
}

export function alreadyExists(resource: Named, name: string): ApiError {
  const text = `${qualified(resource)} ${quoted(name)} already exists`;
  return new ApiError(409, 'AlreadyExists', text, detailsOf(resource, name));
}

const MODIFIED = 'the object has been modified; please apply your changes to the latest version and try again';

export function conflict(resource: Named, name: string, why: string = MODIFIED): ApiError {
  const text = `Operation cannot be fulfilled on ${qualified(resource)} ${quoted(name)}: ${why}`;
  return new ApiError(409, 'Conflict', text, detailsOf(resource, name));
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, 'BadRequest', message);
}

export function forbidden(resource: Named, name: string, why: string, causes?: Cause[]): ApiError {
  const text = `${qualified(resource)}${name === '' ? '' : ` ${quoted(name)}`} is forbidden: ${why}`;
  return new ApiError(403, 'Forbidden', text, detailsOf(resource, name, causes ? { causes } : {}));
}

export function unauthorized(): ApiError {
  return new ApiError(401, 'Unauthorized', 'Unauthorized');
}

export function methodNotAllowed(): ApiError {
  const text = 'the server does not allow this method on the requested resource';
  return new ApiError(405, 'MethodNotAllowed', text, {});
}

export function unsupportedMediaType(accepted: readonly string[]): ApiError {
  const text = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`;
  return new ApiError(415, 'UnsupportedMediaType', text);
}

/** 410 with reason Expired, as both old watches and old continue tokens get. */
export function expired(message: string): ApiError {
  return new ApiError(410, 'Expired', message);
}

/** A resource that a served group and version does not have. */
export function noSuchResource(): ApiError {
  return new ApiError(404, 'NotFound', 'the server could not find the requested resource', {});
}

export function notImplemented(what: string): ApiError {
  return new ApiError(501, 'NotImplemented', `the practice cluster does not serve ${what}; use a real cluster for it`);
}

export function internalError(message: string): ApiError {
  return new ApiError(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] });
}

/** 422 with every cause, in `field.ErrorList.ToAggregate` form: one text bare, several in brackets. */
export function invalid(group: string, kind: string, name: string, errors: readonly FieldError[]): ApiError {
  const texts = [...new Set(errors.map((error) => `${error.field}: ${textOf(error)}`))];
  const list = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  const causes = errors.map((error) => ({
    reason: CAUSE_REASON[error.type],
    message: textOf(error),
    field: error.field,
  }));
  const message = `${group === '' ? kind : `${kind}.${group}`} ${quoted(name)} is invalid: ${list}`;
  return new ApiError(422, 'Invalid', message, {
    ...(name === '' ? {} : { name }),
    ...(group === '' ? {} : { group }),
    kind,
    causes,
  });
}

function textOf(error: FieldError): string {
  const hasValue = error.type !== 'Required value' && error.type !== 'Forbidden' && error.type !== 'Too long';
  const value = hasValue ? `: ${JSON.stringify(error.value ?? null)}` : '';
  return `${error.type}${value}${error.detail === '' ? '' : `: ${error.detail}`}`;
}
