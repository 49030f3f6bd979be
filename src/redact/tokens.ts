import { marker } from './marker.ts';
import { isSecretUnder } from './names.ts';

/** A word may also begin after the `\n` of a JSON string. */
const START = '(?:(?<![\\w-])|(?<=\\\\[nrt]))';

/**
 * Credentials that can be told by their form alone, as their issuers document it for secret scanners. What would also match names that
 * clusters give to things (lower case, hashes, digests) is left out on purpose.
 */
const FORMS: readonly string[] = [
  // JSON Web Tokens: service accounts, OIDC, GitHub apps.
  `${START}eyJ[\\w-]{8,8192}\\.[\\w-]{8,8192}(?:\\.[\\w-]{0,8192})?`,
  // Slack
  'xox[abeoprs](?:\\.xox[bp])?-[\\w-]{10,512}',
  'xapp-\\d-[\\w-]{10,512}',
  // GitHub, GitLab, npm, PyPI, Docker
  'gh[pousr]_[A-Za-z0-9]{20,255}',
  'github_pat_\\w{20,255}',
  'gl(?:pat|dt|rt|ptt|cbt|soat|agent)-[\\w-]{16,255}',
  'npm_[A-Za-z0-9]{36}',
  'pypi-[\\w-]{50,512}',
  'dckr_(?:pat|oat)_[\\w-]{20,255}',
  // AWS, Google, Azure, DigitalOcean
  `${START}(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Z0-9])`,
  'AIza[\\w-]{35}',
  `${START}ya29\\.[\\w.-]{20,2048}`,
  `${START}GOCSPX-[\\w-]{20,64}`,
  '(?<=[?&]sig=)[\\w%+/=-]{20,255}',
  'do[opr]_v1_[a-f0-9]{64}',
  // HashiCorp Vault, Stripe, SendGrid, OpenAI, Anthropic, Grafana, age, Telegram
  `${START}hv[sbr]\\.[\\w-]{20,512}`,
  `${START}(?:[sr]k_(?:live|test)|whsec)_[A-Za-z0-9]{10,255}`,
  `${START}SG\\.[\\w-]{16,64}\\.[\\w-]{16,128}`,
  `${START}sk-(?=[\\w-]{0,60}[A-Z])[\\w-]{20,255}`,
  'gl(?:c|sa)_[A-Za-z0-9+/=_]{32,255}',
  'AGE-SECRET-KEY-1[A-Z0-9]{58}',
  `${START}\\d{8,10}:AA[\\w-]{33}(?![\\w-])`,
  // base64 of a PEM block that is no certificate; Helm releases (base64 of gzip, once or twice)
  'LS0tLS1CRUdJTi(?!BDRVJU)[A-Za-z0-9+/=]{20,262144}',
  `${START}(?:H4sIA|SDRzSUFBQU)[A-Za-z0-9+/]{120,}={0,2}`,
];
const TOKEN = new RegExp(FORMS.join('|'), 'g');

/** Schemes of the Authorization header; the value must not read like a word ("Basic authentication"). */
const SCHEME = /\b(Bearer|Basic|bearer|basic)([ \t]{1,4})([A-Za-z0-9._~+/=-]{8,8192})/g;
const HEADER =
  /\b(authorization|proxy-authorization|x-api-key|x-auth-token|x-vault-token|private-token)(\\{0,7}["']?[ \t]{0,4}[:=][ \t]{0,4}\\{0,7}["'[]{0,2})(?:(Bearer|Basic|Digest|Token|ApiKey|Negotiate)([ \t]{1,4}))?((?:<hidden, \d+ bytes>|[^\s"'\\\]]){4,8192})/gi;
const COOKIES = /\b((?:set-)?cookie\\{0,7}["']?[ \t]{0,4}:[ \t]{0,4}\\{0,7}["']?)([\w.-]{1,80}=[^\r\n"'\\]{1,4096})/gi;

/** Credentials of a known form, wherever they stand. */
export function hideTokens(text: string): string {
  return text
    .replace(TOKEN, (token) => marker(token))
    .replace(HEADER, (whole, name: string, between: string, scheme = '', space = '', secret: string) =>
      isSecretUnder('password', secret) ? `${name}${between}${scheme}${space}${marker(secret)}` : whole,
    )
    .replace(COOKIES, (_whole, start: string, secret: string) => start + marker(secret))
    .replace(SCHEME, (whole, scheme: string, space: string, secret: string) =>
      /\d|[a-z][A-Z]/.test(secret) ? scheme + space + marker(secret) : whole,
    );
}
