// `pushbench lab` as a student uses it: predict, run, reveal, check; with recorded results and with a short
// lab that is measured.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { binary, lines, scenario, start, temporaryFolder } from './program.mjs';

const shipped = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../course/labs');
const folder = temporaryFolder();
const labs = path.join(folder, 'labs');

const SHORT = `minutes = 5
runs_take = "1min"
title = { en = "A short one", ru = "Короткая" }
[[run]]
name = "rare"
scenario = "rare.toml"
transports = ["polling"]
[[run]]
name = "often"
scenario = "rare.toml"
transports = ["polling", "websocket"]
set = ["transport.polling.interval=20ms"]
[[predict]]
id = "wait"
ask = { en = "How long?", ru = "Как долго?" }
unit = "ms"
figure = "rare.polling.delivery_latency.mean"
[[predict]]
id = "share"
ask = { en = "How many?", ru = "Сколько?" }
figure = "often.polling.exchanges.empty_share"
[[check]]
says = "rare.polling.delivery_latency.mean > often.websocket.delivery_latency.mean"
hint = { en = "Polls wait", ru = "Опрос ждёт" }
[[check]]
says = "prediction.share > 50%"
hint = { en = "Most are empty", ru = "Почти все пусты" }
[knob]
run = "rare"
set = "transport.polling.interval=400ms"
ask = { en = "And rarer?", ru = "А реже?" }
`;

const RARE = `${scenario('500ms')}[transport.polling]
interval = "200ms"
`;

before(() => {
  fs.cpSync(path.join(shipped, '2'), path.join(labs, '2'), { recursive: true });
  fs.mkdirSync(path.join(labs, '9'));
  fs.writeFileSync(path.join(labs, '9/lab.toml'), SHORT);
  fs.writeFileSync(path.join(labs, '9/rare.toml'), RARE);
});

/** A student with a folder of their own, who types `typed` where something is asked. */
class Student {
  constructor(name, env = {}) {
    this.cwd = path.join(folder, name);
    fs.mkdirSync(this.cwd);
    this.env = { PUSHBENCH_LABS: labs, LC_ALL: 'C', ...env };
  }
  async lab(args, typed = '') {
    const { child, done } = start(binary, ['lab', ...args.split(' ')], { cwd: this.cwd, env: this.env });
    child.stdin.on('error', () => {}); // it may end without reading
    child.stdin.end(typed);
    return done;
  }
  async good(args, typed) {
    const { code, stdout, stderr } = await this.lab(args, typed);
    assert.equal(code, 0, stdout + stderr);
    return stdout + stderr;
  }
  async fails(code, pattern, args, typed) {
    const result = await this.lab(args, typed);
    assert.equal(result.code, code, result.stdout + result.stderr);
    assert.match(result.stdout + result.stderr, pattern);
  }
  path(...parts) {
    return path.join(this.cwd, 'pushbench-lab', ...parts);
  }
  json(...parts) {
    return JSON.parse(fs.readFileSync(this.path(...parts), 'utf8'));
  }
}

/** One who has done lab 2 with the recorded results, up to the reveal. */
async function honest(name) {
  const student = new Student(name);
  await student.good('2 predict --answer slow-latency=250 --answer slow-empty=75');
  await student.good('2 run --recorded');
  return student;
}

test('lists the labs, in the language of the environment or of the flag', async () => {
  const student = new Student('lists');
  const { stdout } = await student.lab('--lang en');
  assert.match(stdout, /^lab +title +minutes +runs take$/m);
  assert.match(stdout, /^2 +Polling: latency against waste +40 +2 min$/m);
  assert.match(stdout, /^9 +A short one +5 +60 s$/m);
  const russian = new Student('lists-ru', { LC_ALL: 'ru_RU.UTF-8' });
  assert.match(await russian.good('--dir elsewhere'), /^№ +тема +минут +прогоны$/m);
  assert.match(await russian.good('--lang en'), /^lab +title/m);
  await student.fails(2, /^pushbench lab: lab 3: there is no such lab in .*There are: 2, 9\n$/, '3');
  await student.fails(2, /write a number/, 'two');
  await student.fails(2, /STEP chek: there is no such value; did you mean check\?/, '2 chek');
  await student.fails(2, /--set: means something to run only/, '2 check --set users.count=3');
});

test('a lab whose file is wrong: file, line, column, and the nearest', async () => {
  const broken = path.join(folder, 'broken');
  fs.mkdirSync(path.join(broken, '1'), { recursive: true });
  fs.writeFileSync(path.join(broken, '1/lab.toml'), SHORT.replace('[[check]]\nsays = "rare.', '[[check]]\nsays = "rear.'));
  const student = new Student('meets-broken', { PUSHBENCH_LABS: broken });
  const line = SHORT.split('\n').findIndex((text) => text.startsWith('says = "rare')) + 1;
  await student.fails(2, new RegExp(`1/lab.toml:${line}:8: says: .*character 1: .*did you mean rare\\?`), '1');
});

test('a prediction: asked for, answered by flags, skipped', async () => {
  const student = new Student('predicts');
  await student.fails(2, /say first what you expect: pushbench lab 9 predict/, '9 run');
  assert.match(await student.good('9 predict', '120\n\n'), /^wait: 120 ms\nshare: –$/m);
  assert.deepEqual(student.json('9/prediction.json').answers, { wait: '120 ms' });
  await student.good('9 predict --answer wait=0,1s --answer share=80%'); // not revealed yet: it may be changed
  assert.deepEqual(student.json('9/prediction.json').answers, { share: '80%', wait: '0,1s' });
  const before = fs.readFileSync(student.path('9/prediction.json'), 'utf8');
  await student.fails(2, /wait: "soon": write a number, as in 20 ms; the units are us, ms, s, min/, '9 predict', 'soon\n');
  await student.fails(2, /--answer wiat=3: there is no such question. There are: wait, share/, '9 predict --answer wiat=3');
  await student.fails(2, /--answer wait=3B: "3B": write a number/, '9 predict --answer wait=3B');
  await student.fails(2, /was answered already/, '9 predict --answer wait=3 --answer wait=4');
  await student.fails(2, /no question was answered/, '9 predict', '\n\n');
  assert.equal(fs.readFileSync(student.path('9/prediction.json'), 'utf8'), before);
  assert.deepEqual(fs.readdirSync(student.path('9')), ['prediction.json']);
});

test('on a terminal a wrong answer is asked for again', async () => {
  const student = new Student('types');
  const { child, done } = start('script', ['-qec', `'${binary}' lab 9 predict --lang ru`, '/dev/null'], {
    cwd: student.cwd,
    env: student.env,
  });
  const answers = ['soon\n', '120 мс\n', '\n'];
  let seen = 0;
  let text = '';
  child.stdout.on('data', (data) => {
    text += data;
    const prompts = text.split('> ').length - 1;
    while (seen < prompts && seen < answers.length) child.stdin.write(answers[seen++]);
  });
  const { code, stdout } = await done;
  assert.equal(code, 0, stdout);
  assert.match(stdout, /1\. Как долго\? \[ms\]/);
  assert.match(stdout, /«soon»: напишите число, например 20 ms/);
  assert.deepEqual(student.json('9/prediction.json').answers, { wait: '120 мс' });
});

test('recorded results: reveal and check, and the steps that are done', async () => {
  const student = new Student('honest');
  assert.match(await student.good('2'), /^ {2}> pushbench lab 2 predict /m);
  await student.good('2 predict --answer slow-latency=250 --answer slow-empty=75');
  assert.match(await student.good('2'), /^ {2}x pushbench lab 2 predict [^]*^ {2}> pushbench lab 2 run /m);
  await student.fails(2, /slow: has not been run yet; type: pushbench lab 2 run/, '2 reveal');
  await student.good('2 run --recorded');
  for (const file of ['result.json', 'latency.hlog', 'report.html']) assert.ok(fs.existsSync(student.path('2/slow', file)));
  const revealed = await student.good('2 reveal');
  assert.match(revealed, /^slow: recorded with the course, /m);
  assert.match(revealed, /^1 slow-latency +250 ms +2\d\d ms +2\d\d ms/m);
  assert.match(revealed, /^ {3}Your prediction: within 1 % of what was measured\./m);
  for (const line of lines(revealed)) assert.ok([...line].length <= 80 || line.includes(folder), line);
  const page = fs.readFileSync(student.path('2/reveal.html'), 'utf8');
  assert.match(page, /<h1>Lab 2\. Polling: latency against waste<\/h1>/);
  assert.doesNotMatch(page, /<script|https?:/);
  const checked = await student.good('2 check');
  assert.match(checked, /^ok +slow\.polling\.delivery_latency\.mean > 3 \*\s+fast\./m);
  assert.match(checked, /^All of it holds\.$/m);
  assert.match(await student.good('2 check --lang ru'), /^Всё сходится\.$/m);
  assert.match(await student.good('2'), /A knob to turn:[^]*pushbench lab 2 run --run slow --set transport\.polling\.interval=2s/);
});

test("a lab's page says how long each run takes as planned, and all of them", async () => {
  const student = new Student('asks-how-long');
  // The floor takes the schedule's half second, and each of a run's repetitions 20 ms to join, 20 ms to warm up, that
  // half second and, with polling, an interval more: 0.55 + 2 · 0.74 s, and 0.55 + 2 · (0.56 + 0.54) s.
  const text = await student.good('9');
  assert.match(text, /^Runs \(5 s as planned\):\n {2}rare \(3 s\): rare\.toml, polling\n {2}often \(3 s\): rare\.toml, polling, websocket; /m);
  assert.match(await student.good('9 --lang ru'), /^Прогоны \(по плану 5 с\):\n {2}rare \(3 с\): /m);
});

test('a damaged prediction names the step that replaces it', async () => {
  const student = await honest('damages');
  const file = student.path('2/prediction.json');
  const whole = fs.readFileSync(file, 'utf8');
  for (const text of [whole.slice(0, -5), whole.replace('"made"', '"said"'), '[]']) {
    fs.writeFileSync(file, text);
    for (const step of ['2', '2 run --recorded', '2 reveal', '2 check']) {
      await student.fails(1, /prediction\.json: the prediction is damaged: .*; to say it anew, type: pushbench lab 2 predict$/m, step);
    }
    const { stderr } = await student.lab('2 --lang ru');
    assert.match(stderr, /прогноз повреждён: .*наберите: pushbench lab 2 predict$/m);
    assert.doesNotMatch(stderr, /result of this version/);
  }
  await student.good('2 predict --answer slow-empty=75');
  await student.good('2 reveal');
  fs.writeFileSync(file, '');
  await student.fails(1, /type: pushbench lab 2 predict --again$/m, '2 reveal');
  await student.good('2 predict --again --answer slow-empty=75');
  await student.good('2 reveal');
});

test('the check shows figures too: a prediction made after it is none', async () => {
  const student = await honest('checks-first');
  const { stdout, stderr } = await student.lab('2 check');
  assert.match(stderr, /^kept: .*2\/check\.txt$/m);
  const kept = fs.readFileSync(student.path('2/check.txt'), 'utf8');
  assert.match(kept, /^slow: recorded with the course/);
  assert.ok(kept.endsWith(stdout));
  assert.match(await student.good('2'), /^ {2}> pushbench lab 2 reveal /m); // it is still to come
  await student.fails(2, /were revealed already; .*--again keeps it/, '2 predict --answer slow-empty=13');
  await student.good('2 predict --again --answer slow-empty=13');
  assert.equal(student.json('2/prediction.json').after_reveal, true);
});

test('what was skipped is counted by the check', async () => {
  const own = path.join(folder, 'skips');
  fs.cpSync(path.join(labs, '2'), path.join(own, '2'), { recursive: true });
  const says = 'says = "prediction.slow-empty > 1%"';
  fs.appendFileSync(path.join(own, '2/lab.toml'), `\n[[check]]\n${says}\nhint = { en = "More", ru = "Больше" }\n`);
  const student = new Student('skips-one', { PUSHBENCH_LABS: own });
  await student.good('2 run --recorded --without-prediction');
  const text = await student.good('2 check');
  const checks = text.match(/^(ok|skipped) /gm).length;
  assert.match(text, new RegExp(`^What was checked holds; skipped: 1 of ${checks}\\.$`, 'm'));
  assert.doesNotMatch(text, /All of it holds/);
});

test('a prediction made after the reveal is none', async () => {
  const student = await honest('late');
  await student.good('2 reveal');
  await student.fails(2, /were revealed already; .*--again keeps it/, '2 predict --answer slow-empty=13');
  await student.good('2 predict --again --answer slow-empty=13');
  assert.equal(student.json('2/prediction.json').after_reveal, true);
  assert.match(await student.good('2 reveal'), /it is no\s+prediction/);
});

/** A student's result with another text in it. */
function edit(file, change) {
  const result = JSON.parse(fs.readFileSync(file, 'utf8'));
  change(result);
  fs.writeFileSync(file, JSON.stringify(result, null, 2) + '\n');
}

test('wrong: the runs are mixed up', async () => {
  const student = await honest('mixed');
  fs.renameSync(student.path('2/slow'), student.path('2/x'));
  fs.renameSync(student.path('2/fast'), student.path('2/slow'));
  fs.renameSync(student.path('2/x'), student.path('2/fast'));
  await student.fails(4, /slow: transport\.polling is interval 50ms; in the lab it is interval 500ms/, '2 check');
  await student.fails(4, /do not count/, '2 reveal');
  assert.ok(!fs.existsSync(student.path('2/reveal.html')));
});

test('wrong: an invalid run', async () => {
  const student = await honest('invalid');
  edit(student.path('2/slow/result.json'), (result) => {
    result.valid = false;
    result.transports[0].repetitions[0].valid = false;
    result.transports[0].repetitions[0].invalid = ['3 deliveries were lost'];
  });
  await student.fails(4, /slow: invalid: polling, repetition 1: 3 deliveries were lost/, '2 check');
  // It is worth no care: the next run replaces it.
  await student.good('2 run --recorded');
  await student.good('2 check');
});

test('wrong: an edited result', async () => {
  const student = await honest('edited');
  edit(student.path('2/slow/result.json'), (result) => {
    result.transports[0].repetitions[0].delivery_latency_us.mean /= 2;
  });
  await student.fails(4, /slow: the result is damaged, or was edited: .*edited by hand\?/, '2 check');
});

test('wrong: another interval, and other users', async () => {
  const student = await honest('changed');
  const set = '--set transport.polling.interval=50ms --set users.count=15 --set traffic.duration=300ms';
  const { code, stderr } = await student.lab(`2 run --run slow ${set}`);
  assert.ok(code === 0 || code === 4, stderr); // the machine may be too slow to measure
  const [turned] = fs.readdirSync(student.path('2')).filter((name) => name.startsWith('set-'));
  await student.good('2 check'); // which looks at the plain ones
  fs.rmSync(student.path('2/slow'), { recursive: true });
  fs.renameSync(student.path('2', turned, 'slow'), student.path('2/slow'));
  await student.fails(4, /slow: transport\.polling is interval 50ms; in the lab/, '2 check');
  await student.fails(4, /slow: users\.count is 15; in the lab it is 20/, '2 check');
});

test('a measured lab: what is there stays, a knob is kept beside it, a wrong prediction is off', async () => {
  const student = new Student('measures');
  await student.good('9 predict --answer wait=100 --answer share=20');
  const { code, stderr } = await student.lab('9 run');
  assert.ok(code === 0 || code === 4, stderr);
  assert.match(stderr, /rare: \[1\/2\] polling[^]*often: \[2\/4\] websocket/);
  assert.equal(student.json('9/often/result.json').context.set[0], 'transport.polling.interval=20ms');
  await student.fails(2, /no recorded result of|no such run/, '9 run --run raer');
  if (code === 4) return;
  const date = student.json('9/rare/result.json').context.date;
  assert.match(await student.good('9 run'), /rare: is there already; --again replaces it/);
  assert.equal(student.json('9/rare/result.json').context.date, date);
  const turned = await student.lab('9 run --run rare --set transport.polling.interval=400ms');
  assert.match(turned.stderr, /compared after the reveal/);
  assert.match(await student.good('9 reveal'), /rare: measured on this machine/);
  await student.fails(3, /^off +prediction\.share > 50%\n +20\.0 % > 50\.0 %\n +Hint: Most are empty$/m, '9 check');
  const table = await student.lab('9 run --run rare --set transport.polling.interval=400ms');
  assert.match(table.stdout, /^wait +\d[^ ]* ms +\d[^ ]* ms$/m);
  await student.fails(1, /the lab has no recorded result of rare/, '9 run --recorded --again');
  assert.equal(student.json('9/rare/result.json').context.date, date);
});

test('scripts/record-labs keeps what a student would have measured, or what was there', async () => {
  const own = path.join(folder, 'to-record');
  fs.cpSync(path.join(labs, '9'), path.join(own, '9'), { recursive: true });
  const script = path.resolve(shipped, '../../scripts/record-labs');
  const env = { PUSHBENCH: binary, PUSHBENCH_LABS: own, LC_ALL: 'C' };
  const { code, stderr } = await start(script, ['9'], { env }).done;
  if (code !== 0) {
    assert.match(stderr, /invalid|do not hold/); // the machine is too slow to measure
    assert.ok(!fs.existsSync(path.join(own, '9/recorded')));
    return;
  }
  for (const run of ['often', 'rare']) {
    assert.deepEqual(fs.readdirSync(path.join(own, '9/recorded', run)), ['latency.hlog', 'result.json']);
  }
  const student = new Student('takes-recorded', { PUSHBENCH_LABS: own });
  await student.good('9 predict --answer share=90');
  await student.good('9 run --recorded');
  assert.match(await student.good('9 check'), /often: recorded with the course/);
  // With one that does not hold, what is there stays.
  const kept = fs.statSync(path.join(own, '9/recorded/rare/result.json')).mtimeMs;
  const file = path.join(own, '9/lab.toml');
  fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace('mean > often.', 'mean < often.'));
  assert.equal((await start(script, ['9'], { env }).done).code, 1);
  assert.equal(fs.statSync(path.join(own, '9/recorded/rare/result.json')).mtimeMs, kept);
  // Nor does a lab that takes longer than it says replace anything.
  fs.writeFileSync(file, SHORT.replace('1min', '1s'));
  const late = await start(script, ['9'], { env }).done;
  assert.equal(late.code, 1);
  assert.match(late.stderr, /^lab 9 took \d+ s, and its lab.toml says 1 s$|invalid|do not hold/m);
  assert.equal(fs.statSync(path.join(own, '9/recorded/rare/result.json')).mtimeMs, kept);
  // A time that the shell cannot read is refused before anything is measured.
  for (const time of ['1.5min', '500ms']) {
    fs.writeFileSync(file, SHORT.replace('1min', time));
    const refused = await start(script, ['9'], { env }).done;
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /^lab 9: its lab\.toml's runs_take: write whole s or min/);
  }
});

/** Ctrl-C, once, when it has said so. */
function interrupt(child, pattern) {
  const listen = (text) => {
    if (!pattern.test(text)) return;
    child.off('said', listen);
    child.kill('SIGINT');
  };
  child.on('said', listen);
}

test('an interrupted run is kept as such, and measured anew the next time', async () => {
  const own = path.join(folder, 'long');
  fs.cpSync(path.join(labs, '9'), path.join(own, '9'), { recursive: true });
  fs.writeFileSync(path.join(own, '9/rare.toml'), RARE.replace('500ms', '60s'));
  const student = new Student('interrupts', { PUSHBENCH_LABS: own });
  const { child, done } = start(binary, ['lab', '9', 'run', '--without-prediction'], { cwd: student.cwd, env: student.env });
  interrupt(child, /rare: \[1\/2\]/);
  assert.equal((await done).code, 130);
  assert.deepEqual(fs.readdirSync(student.path('9')), ['rare']);
  await student.fails(2, /often: has not been run yet/, '9 check');
  fs.cpSync(student.path('9/rare'), student.path('9/often'), { recursive: true });
  await student.fails(4, /rare: did not come to its end: interrupted/, '9 check');
});

test('an interrupted run never takes the place of a valid result', async () => {
  const own = path.join(folder, 'long-again');
  fs.cpSync(path.join(labs, '9'), path.join(own, '9'), { recursive: true });
  fs.writeFileSync(path.join(own, '9/rare.toml'), RARE.replace('500ms', '60s'));
  const student = new Student('interrupts-again', { PUSHBENCH_LABS: own });
  fs.cpSync(path.join(shipped, '2/recorded/slow'), student.path('9/rare'), { recursive: true });
  const before = fs.readFileSync(student.path('9/rare/result.json'), 'utf8');
  const args = ['lab', '9', 'run', '--run', 'rare', '--again', '--without-prediction'];
  const { child, done } = start(binary, args, { cwd: student.cwd, env: student.env });
  interrupt(child, /rare: \[1\/2\]/);
  const { code, stderr } = await done;
  assert.equal(code, 130);
  assert.match(stderr, /^rare: the earlier result stays: it is valid, this one is not$/m);
  assert.equal(fs.readFileSync(student.path('9/rare/result.json'), 'utf8'), before);
  assert.deepEqual(fs.readdirSync(student.path('9')), ['rare']);
});
