import { expect, test } from 'vitest';
import { configText, imageText, missingText } from '../../../src/incidents/reading/waiting.ts';

test.each([
  ['secret "db" not found', 'Secret "db" is missing'],
  ['secrets "db" not found', 'Secret "db" is missing'],
  ['configmap "web" not found', 'ConfigMap "web" is missing'],
  ["couldn't find key url in Secret shop/db", 'key "url" is missing in Secret shop/db'],
  ['references non-existent secret key: tls.key', 'key "tls.key" is missing in a Secret'],
  ['references non-existent config key: app.yaml', 'key "app.yaml" is missing in a ConfigMap'],
  [
    'MountVolume.SetUp failed for volume "t" : object "shop"/"tls" not registered',
    'Secret or ConfigMap "tls" is missing or not readable yet',
  ],
])('%s', (message, text) => {
  expect(missingText(message)).toBe(text);
});

test('what is not missing but wrong is said in the kubelet’s words', () => {
  expect(missingText('container has runAsNonRoot and image will run as root')).toBeUndefined();
  expect(
    configText({
      reason: 'CreateContainerConfigError',
      message: 'container has runAsNonRoot and image will run as root',
    }),
  ).toBe('container configuration is wrong: container has runAsNonRoot and image will run as root');
});

test('the words of an image’s own name are not its failure', () => {
  const image = 'registry.example.com/policy/not-found:403';
  const waiting = { reason: 'ErrImagePull', message: `failed to resolve reference "${image}": dial tcp: i/o timeout` };

  expect(imageText(image, waiting, [], 'node-1')).toMatchObject({
    cause: `image "${image}" cannot be pulled: registry cannot be reached: timeout (registry.example.com)`,
    isCertain: false,
    shares: { registry: 'registry.example.com', node: 'node-1' },
  });
});

test('in back-off the event of the failed pull tells why', () => {
  const event = {
    about: 'u',
    type: 'Warning',
    reason: 'Failed',
    message: 'Failed to pull image "nginx:9": manifest unknown',
    count: 1,
    firstTimestamp: 0,
    lastTimestamp: 0,
  };
  const waiting = { reason: 'ImagePullBackOff', message: 'Back-off pulling image "nginx:9"' };

  expect(imageText('nginx:9', waiting, [event], undefined)).toMatchObject({
    cause: 'image "nginx:9" cannot be pulled: not found (docker.io)',
    isCertain: true,
  });
});
