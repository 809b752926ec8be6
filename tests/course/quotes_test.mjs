// Checks scripts/course-quotes on a made-up repository, and that the course's quotes are those of the code.
// Run with: node --test tests/course/quotes_test.mjs

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, beforeEach, test } from 'node:test';

import { ROOT } from './markdown.mjs';

const SCRIPT = path.join(ROOT, 'scripts/course-quotes');
const root = fs.mkdtempSync(path.join(os.tmpdir(), 'course-quotes-'));
after(() => fs.rmSync(root, { recursive: true }));

const CODE = `// A file.
namespace a {

void one(int x) {
  if (x > 0) {
    say("} not the end");  // } nor this
  }
}

void two() {}
constexpr int kThree{3};

  /// Indented.
  bool four() const {
    return '}' == '{';
  }

}  // namespace a
`;

function write(place, text) {
  const file = path.join(root, place);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
}

const PAGE = 'course/en/1-x.md';
const page = (place = PAGE) => fs.readFileSync(path.join(root, place), 'utf8');
const run = (...args) =>
  spawnSync(process.execPath, [SCRIPT, '--root', root, ...args], { encoding: 'utf8' });

function repetition(asked, empty, mean) {
  return {
    duration_s: 10,
    messages: { delivered: 100, published: 10, lost: 0 },
    delivery_latency_us: { mean, p999: null },
    exchanges: { asked, empty, empty_share: asked === 0 ? 0 : empty / asked },
    bytes: { application: { up: 1000, down: 12340 }, network: { up: 2000, down: 20000 } },
    theory: { exchanges: { empty_share: 0.5, per_message: 2 } },
  };
}

beforeEach(() => {
  fs.rmSync(path.join(root, 'course'), { recursive: true, force: true });
  write('servers/a.cc', CODE);
  write('course/labs/2/recorded/slow/result.json', JSON.stringify({
    transports: [
      {
        name: 'polling',
        repetitions: [repetition(200, 164, 999_700), repetition(200, 162, 1_020_000), repetition(200, 40, 90)],
      },
      { name: 'sse', repetitions: [repetition(0, 0, 800)] },
    ],
  }));
});

/** The code that is filled in for a marker. */
function filled(marker) {
  write(PAGE, `<!-- quote ${marker} -->\n<!-- end -->\n`);
  const { status, stderr } = run();
  assert.equal(stderr, '');
  assert.equal(status, 0);
  return page().match(/^```(?:\w*)\n([^]*?)\n```$/m)[1];
}

test('the quotes of the course are up to date', () => {
  const { status, stderr } = spawnSync(process.execPath, [SCRIPT, '--check'], { encoding: 'utf8' });
  assert.equal(stderr, '');
  assert.equal(status, 0);
});

test('a function is quoted to its last brace, whatever stands in texts and comments', () => {
  assert.equal(filled('servers/a.cc "void one("'), CODE.split('\n').slice(3, 8).join('\n'));
  assert.equal(filled('servers/a.cc "void two("'), 'void two() {}');
});

test('a statement is quoted to its semicolon, and what is indented comes without', () => {
  assert.equal(filled('servers/a.cc "kThree"'), 'constexpr int kThree{3};');
  assert.equal(filled('servers/a.cc "bool four"'), "bool four() const {\n  return '}' == '{';\n}");
});

test('a quote may end at a named line, or be the whole file', () => {
  const body = CODE.split('\n').slice(4, 6).map((line) => line.slice(2));
  assert.equal(filled('servers/a.cc "if (x" to "say("'), body.join('\n'));
  assert.equal(filled('servers/a.cc'), CODE.trim());
});

test('a quote names its language and links to its file', () => {
  filled('servers/a.cc "void two("');
  assert.match(page(), /^```cpp$/m);
  assert.match(page(), /^\[servers\/a\.cc\]\(\.\.\/\.\.\/servers\/a\.cc\)$/m);
});

test('a second run changes nothing, and --check is content', () => {
  filled('servers/a.cc "void one("');
  const before = page();
  assert.equal(run('--check').status, 0);
  assert.equal(run().status, 0);
  assert.equal(page(), before);
});

test('--check says which block is behind, and writes nothing', () => {
  filled('servers/a.cc "void one("');
  const before = page();
  write('servers/a.cc', CODE.replace('x > 0', 'x > 1'));
  const { status, stderr } = run('--check');
  assert.equal(status, 1);
  assert.equal(stderr, 'course/en/1-x.md:1: is behind servers/a.cc; run scripts/course-quotes\n');
  assert.equal(page(), before);
});

function figure(expression, place = PAGE) {
  write(place, `it was <!-- figure labs/2 ${expression} --><!-- end --> then\n`);
  const { status, stderr } = run();
  assert.equal(stderr, '');
  assert.equal(status, 0);
  return page(place).match(/-->(.*)<!-- end -->/)[1];
}

test('a figure is the median of the recorded repetitions, with its unit', () => {
  assert.equal(figure('slow.polling.exchanges.empty_share'), '81 %');
  assert.equal(figure('slow.polling.delivery_latency.mean'), '1 s');
  assert.equal(figure('slow.sse.delivery_latency.mean'), '800 µs');
  assert.equal(figure('slow.polling.application_bytes'), '133 B');
  assert.equal(figure('slow.polling.exchanges_per_message'), '2');
  assert.equal(figure('slow.polling.theory.exchanges.empty_share'), '50 %');
  assert.equal(figure('slow.polling.delivery_latency.mean / slow.sse.delivery_latency.mean'), '1250');
});

test('a half is rounded to the even digit, and a quotient is the median of the repetitions', () => {
  const [made, played] = [[734.5, 735.5], [2, 10]];
  write('course/labs/2/recorded/halves/result.json', JSON.stringify({
    transports: [
      { name: 'polling', repetitions: made.map((mean) => repetition(1, 0, mean)) },
      { name: 'sse', repetitions: played.map((mean) => repetition(1, 0, mean)) },
      { name: 'websocket', repetitions: [repetition(1, 0, 734.5)] },
      { name: 'long-polling', repetitions: [repetition(1, 0, 1250)] },
    ],
  }));
  assert.equal(figure('halves.websocket.delivery_latency.mean'), '734 µs');
  assert.equal(figure('halves.polling.delivery_latency.mean'), '735 µs');
  assert.equal(figure('halves.long-polling.delivery_latency.mean'), '1.25 ms');
  assert.equal(figure('halves.long-polling.delivery_latency.mean / halves.sse.delivery_latency.mean'), '625');
  // (734.5/2 + 735.5/10) / 2, and not 735/6
  assert.equal(figure('halves.polling.delivery_latency.mean / halves.sse.delivery_latency.mean'), '220');
});

test('a Russian page has Russian units and a comma', () => {
  const russian = 'course/ru/1-x.md';
  const [long, short] = ['slow.polling.delivery_latency.mean', 'slow.sse.delivery_latency.mean'];
  assert.equal(figure(long, russian), '1 с');
  assert.equal(figure(short, russian), '800 мкс');
  assert.equal(figure(`${short} / ${long}`, russian), '0,001');
});

test('--check says what a figure was and is', () => {
  write(PAGE, 'it was <!-- figure labs/2 slow.polling.exchanges.empty_share -->75 %<!-- end -->\n');
  const { status, stderr } = run('--check');
  assert.equal(status, 1);
  assert.match(stderr, /^course\/en\/1-x\.md:1: says "75 %" and labs\/2 recorded "81 %"; run /);
});

const BAD = {
  'a file that is not there': ['<!-- quote servers/b.cc "x" -->\n<!-- end -->', /servers\/b\.cc: there is no such file/],
  'a text that is nowhere': ['<!-- quote servers/a.cc "five" -->\n<!-- end -->', /no line has "five"/],
  'a text that is in several lines': ['<!-- quote servers/a.cc "void" -->\n<!-- end -->', /in lines 4, 10; take more of/],
  'an end that is nowhere': ['<!-- quote servers/a.cc "namespace a {" to "nowhere" -->\n<!-- end -->', /no line .* "nowhere"/],
  'a quote without an end': ['<!-- quote servers/a.cc "void one(" -->\ntext', /no line <!-- end -->/],
  'a marker of another form': ["<!-- quote servers/a.cc 'x' -->\n<!-- end -->", /write <!-- quote FILE/],
  'a metric that is none': ['a <!-- figure labs/2 slow.polling.empty --><!-- end -->', /no metric "empty"; there are delivery/],
  'a run that was not recorded': ['a <!-- figure labs/2 fast.polling.network_bytes --><!-- end -->', /no recorded run "fast"/],
  'a transport that did not play': ['a <!-- figure labs/2 slow.websocket.network_bytes --><!-- end -->', /has no websocket/],
  'a figure that a transport has not': ['a <!-- figure labs/2 slow.sse.exchanges.empty_share --><!-- end -->', /sse has no exch/],
  'a quotient of two units': [
    'a <!-- figure labs/2 slow.sse.network_bytes / slow.sse.delivery_latency.mean --><!-- end -->', /divides bytes by us/,
  ],
  'a figure at the start of a line': ['<!-- figure labs/2 slow.sse.network_bytes --><!-- end -->', /not at its start/],
};

for (const [name, [text, message]] of Object.entries(BAD)) {
  test(`bad block: ${name}`, () => {
    write(PAGE, `# Title\n${text}\n`);
    for (const args of [[], ['--check']]) {
      const { status, stderr } = run(...args);
      assert.equal(status, 1);
      assert.match(stderr, /^course\/en\/1-x\.md:2: /);
      assert.match(stderr, message);
    }
    assert.equal(page(), `# Title\n${text}\n`);
  });
}

test('a course that quotes nothing is an error, and so is a wrong flag', () => {
  write(PAGE, '# Title\n');
  assert.match(run('--check').stderr, /quotes nothing/);
  assert.equal(run('--chekc').status, 2);
});
