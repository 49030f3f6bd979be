import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { checkFile } from '../../src/config.ts';
import { type Answers, aliasOf } from '../../src/init/answers.ts';
import { configText, envText } from '../../src/init/files.ts';

const ANSWERS: Answers = {
  slackApiUrl: 'https://slack.com/api/',
  botToken: 'xoxb-1',
  appToken: 'xapp-1',
  people: ['U024BE7LH'],
  redisUrl: 'redis://127.0.0.1:6379',
  etcdEndpoints: 'http://127.0.0.1:2379',
  clusters: [
    {
      alias: 'prod',
      kubeconfig: '/home/a b/.kube/config',
      context: 'arn:aws:eks:1:cluster/prod',
      isProduction: true,
      uid: 'f00',
    },
  ],
};

test('the config that init writes is valid and holds the answers', () => {
  const { file, problems } = checkFile('shipmate.yaml', configText(ANSWERS));

  expect(problems).toEqual([]);
  expect(file?.access.people).toEqual(['U024BE7LH']);
  expect(file?.clusters).toEqual({
    prod: { kubeconfig: '/home/a b/.kube/config', context: 'arn:aws:eks:1:cluster/prod', production: true, uid: 'f00' },
  });
});

test('with no answers the config is valid, and every comment is valid when uncommented', () => {
  const text = configText({ ...ANSWERS, people: [], clusters: [] });
  const uncommented = text.replaceAll(/^#(?=[a-z ])(?! )/gm, '').replaceAll(/^# {2,}/gm, (found) => found.slice(1));

  expect(checkFile('shipmate.yaml', text).file?.access.people).toEqual([]);
  expect(checkFile('shipmate.yaml', uncommented).problems).toEqual([]);
  expect(Object.keys(parse(uncommented) as object)).toEqual(['clusters', 'etcd', 'access']);
});

test('a value that a reader of .env would misread is quoted', () => {
  const text = envText({ ...ANSWERS, redisUrl: 'redis://:p#s$w@redis:6379' });

  expect(text).toContain("REDIS_URL='redis://:p#s$w@redis:6379'");
  expect(text).toContain('SLACK_BOT_TOKEN=xoxb-1\n');
});

test('a cluster’s alias is a short word made from the context’s last part', () => {
  expect(aliasOf('arn:aws:eks:eu-1:1:cluster/Prod_A')).toBe('prod-a');
  expect(aliasOf('gke_project_zone_name-of-a-very-long-cluster-indeed')).toBe('gke-project-zone-name-of-a-very');
  expect(aliasOf('admin@kubernetes')).toBe('kubernetes');
  expect(aliasOf('///')).toBe('main');
});
