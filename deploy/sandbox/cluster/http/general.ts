import type { IncomingMessage, ServerResponse } from 'node:http';
import { aggregated, apiGroup, coreVersions, groupList, resourceList } from '../api/discovery.ts';
import { openApiDocument, openApiIndex } from '../api/openapi.ts';
import type { Json } from '../object.ts';
import { type Desk, notServed, sendJson } from './exchange.ts';

const VERSION = {
  major: '1',
  minor: '36',
  emulationMajor: '1',
  emulationMinor: '36',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '35',
  gitVersion: 'v1.36.0+practice',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: 'none',
  compiler: 'node',
  platform: `${process.platform}/${process.arch}`,
};

/** Everything that is not about one resource: health, version, discovery, OpenAPI. @returns whether it answered. */
export function serveGeneral(server: Desk, request: IncomingMessage, url: URL, response: ServerResponse): boolean {
  const path = url.pathname.length > 1 ? url.pathname.replace(/\/$/, '') : url.pathname;
  const { resources } = server.world;
  if (path === '/healthz' || path === '/livez' || path === '/readyz') {
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' });
    response.end('ok');
    return true;
  }
  const answer = (value: Json | undefined): true => {
    if (value === undefined) notServed(response);
    else sendJson(response, 200, JSON.stringify(value));
    return true;
  };
  if (path === '/version') return answer(VERSION);
  if (path === '/openapi/v3') return answer(openApiIndex(resources));
  if (path.startsWith('/openapi/v3/')) return answer(openApiDocument(resources, path.slice('/openapi/v3/'.length)));
  if (path.startsWith('/openapi')) return answer(undefined);
  if (path === '/api' || path === '/apis') {
    const version = aggregatedVersion(request.headers.accept);
    if (version) {
      const text = JSON.stringify(aggregated(resources, path === '/api', version));
      const type = `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;
      response.writeHead(200, { 'content-type': type, vary: 'Accept', 'content-length': Buffer.byteLength(text) });
      response.end(text);
      return true;
    }
    return answer(path === '/api' ? coreVersions(request.headers.host ?? '') : groupList(resources));
  }
  const parts = path.split('/').slice(1);
  if (parts[0] === 'api' && parts.length === 2) return answer(resourceList(resources, '', parts[1] as string));
  if (parts[0] === 'apis' && parts.length === 2) return answer(apiGroup(resources, parts[1] as string));
  if (parts[0] === 'apis' && parts.length === 3)
    return answer(resourceList(resources, parts[1] as string, parts[2] as string));
  return false;
}

function aggregatedVersion(accept: string | undefined): 'v2' | 'v2beta1' | undefined {
  for (const part of (accept ?? '').split(',')) {
    if (!part.includes('as=APIGroupDiscoveryList')) {
      if (part.trim() === 'application/json') return undefined;
      continue;
    }
    const version = /v=(v2beta1|v2)\b/.exec(part)?.[1];
    if (version) return version as 'v2' | 'v2beta1';
  }
  return undefined;
}
