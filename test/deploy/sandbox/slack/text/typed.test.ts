import { expect, test } from 'vitest';
import { smallWorld } from '../../../../../deploy/sandbox/slack/small-world.ts';
import { Channels } from '../../../../../deploy/sandbox/slack/store/channels.ts';
import { UserGroups } from '../../../../../deploy/sandbox/slack/store/groups.ts';
import { People } from '../../../../../deploy/sandbox/slack/store/people.ts';
import { mrkdwnOf, piecesOf, richTextOf } from '../../../../../deploy/sandbox/slack/text/typed.ts';

const world = smallWorld();
const people = new People(world);
const directory = { people, channels: new Channels(world, people, 0), groups: new UserGroups(world, 0) };
const mrkdwn = (text: string) => mrkdwnOf(piecesOf(text, directory));

test.each([
  ['put k <a> &amp;', 'put k &lt;a&gt; &amp;amp;'],
  ['@Shipmate k8s get pods', '<@U0SHIPMATE> k8s get pods'],
  ['ask @grace, please', 'ask <@U0GRACE>, please'],
  ['@nobody here', '@nobody here'],
  ['wake @oncall', 'wake <!subteam^S0ONCALL|@oncall>'],
  ['@channel look', '<!channel> look'],
  ['see #ops', 'see <#C0OPS|ops>'],
  ['see #nowhere', 'see #nowhere'],
  ['https://a.example/x?y=1&z', '<https://a.example/x?y=1&amp;z>'],
  ['-l app.kubernetes.io/name=web', '-l <http://app.kubernetes.io/name=web|app.kubernetes.io/name=web>'],
  ['set image deploy/web c=reg.io/a:1', 'set image deploy/web c=<http://reg.io/a:1|reg.io/a:1>'],
  ['main.rs and deploy.sh.', '<http://main.rs|main.rs> and <http://deploy.sh|deploy.sh>.'],
  ['mail ada@example.com', 'mail <mailto:ada@example.com|ada@example.com>'],
  ['`get po -l app.io/x @ada` ok', '`get po -l app.io/x @ada` ok'],
  ['```\nkubectl get <x>\n```', '```kubectl get &lt;x&gt;```'],
  ['scale deploy/web 5 -n shop', 'scale deploy/web 5 -n shop'],
])('%j arrives as %j', (typed, text) => {
  expect(mrkdwn(typed)).toBe(text);
});

test('a message also carries what was typed as rich text', () => {
  expect(richTextOf(piecesOf('hi @ada `x`', directory))).toEqual([
    {
      type: 'rich_text_section',
      elements: [
        { type: 'text', text: 'hi ' },
        { type: 'user', user_id: 'U0ADA' },
        { type: 'text', text: ' ' },
        { type: 'text', text: 'x', style: { code: true } },
      ],
    },
  ]);
});
