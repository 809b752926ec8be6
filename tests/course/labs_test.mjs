// Every lab of the course with its recorded results: an honest student passes, and whoever mixes up results,
// edits them or has invalid ones does not. Each check can fail.
// Run with: PUSHBENCH=path/to/pushbench node --test tests/course/labs_test.mjs

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { start, temporaryFolder } from '../cli/program.mjs';
import { ROOT } from './markdown.mjs';

const LABS = path.join(ROOT, 'course/labs');
const numbers = fs.readdirSync(LABS).filter((name) => /^\d+$/.test(name));
const runsOf = (number) => fs.readdirSync(path.join(LABS, number, 'recorded'));
const folder = temporaryFolder();
let students = 0;

/** One who does a lab in a folder of their own, as the labs in `labs` have it. */
class Student {
  constructor(number, labs = LABS) {
    this.number = number;
    this.labs = labs;
    this.cwd = path.join(folder, `${++students}`);
    fs.mkdirSync(this.cwd);
  }

  async lab(...args) {
    const env = { PUSHBENCH_LABS: this.labs, LC_ALL: 'C' };
    const { code, stdout, stderr } = await start(process.env.PUSHBENCH, ['lab', this.number, ...args], {
      cwd: this.cwd, env,
    }).done;
    return { code, text: stdout + stderr };
  }

  async takesRecorded() {
    const { code, text } = await this.lab('run', '--recorded', '--without-prediction');
    assert.equal(code, 0, text);
    return this;
  }

  run(name) {
    return path.join(this.cwd, 'pushbench-lab', this.number, name);
  }

  edit(run, change) {
    const file = path.join(this.run(run), 'result.json');
    const result = JSON.parse(fs.readFileSync(file, 'utf8'));
    change(result);
    fs.writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
  }

  async fails(pattern) {
    const { code, text } = await this.lab('check');
    assert.equal(code, 4, text);
    assert.match(text, pattern);
  }
}

/** Another run of the same lab, or of another lab where this one has a single run. */
function anotherRun(number, run) {
  const other = runsOf(number).find((name) => name !== run);
  if (other !== undefined) return path.join(LABS, number, 'recorded', other);
  const elsewhere = numbers.find((name) => name !== number);
  return path.join(LABS, elsewhere, 'recorded', runsOf(elsewhere)[0]);
}

/** The lab with its n-th check turned round: what must hold may not hold. Null: there is no such check. */
function turned(text, n) {
  let seen = 0;
  let found = false;
  const changed = text.replace(/^says = "(.+)"$/gm, (line, says) => {
    if (seen++ !== n) return line;
    found = true;
    const [figure, tolerance, size] = says.split(/( within .+% of )/);
    if (size !== undefined) return `says = "${figure}${tolerance}3 * (${size})"`;
    return `says = "${says.replace(/<=?|>=?/, (sign) => (sign.startsWith('<') ? '>' : '<'))}"`;
  });
  return found ? changed : null;
}

test('there are labs, each with a lesson', () => {
  assert.ok(numbers.length >= 4, numbers.join());
  for (const number of numbers) assert.ok(runsOf(number).length > 0, `lab ${number} has recorded results`);
});

for (const number of numbers) {
  const [run] = fs.existsSync(path.join(LABS, number, 'recorded')) ? runsOf(number) : [];

  test(`lab ${number}: an honest run is revealed and passes, in both languages`, async () => {
    const student = await new Student(number).takesRecorded();
    for (const lang of ['en', 'ru']) {
      const revealed = await student.lab('reveal', '--lang', lang);
      assert.equal(revealed.code, 0, revealed.text);
      const checked = await student.lab('check', '--lang', lang);
      assert.equal(checked.code, 0, checked.text);
    }
  });

  test(`lab ${number}: its runs take no longer, as planned, than it states, and not much less`, async () => {
    const text = fs.readFileSync(path.join(LABS, number, 'lab.toml'), 'utf8');
    const [, count, unit] = text.match(/^runs_take = "(\d+)(s|min)"$/m);
    const stated = count * (unit === 'min' ? 60 : 1);
    const shown = await new Student(number).lab();
    assert.equal(shown.code, 0, shown.text);
    const [, all] = shown.text.match(/^Runs \((\d+) s as planned\):$/m);
    assert.ok(all <= stated, `${all} s, and runs_take = "${count}${unit}"`);
    assert.ok(all > stated / 2, `${all} s, and runs_take = "${count}${unit}"`);
    const each = [...shown.text.matchAll(/^ {2}[\w-]+ \((\d+) s\): /gm)].map((match) => Number(match[1]));
    assert.equal(each.length, runsOf(number).length, shown.text);
    const sum = each.reduce((a, b) => a + b, 0);
    assert.ok(sum >= all && sum < Number(all) + each.length, shown.text); // begun seconds count as whole ones
  });

  test(`lab ${number}: wrong: another run's result in its place`, async () => {
    const student = await new Student(number).takesRecorded();
    for (const file of ['result.json', 'latency.hlog']) {
      fs.copyFileSync(path.join(anotherRun(number, run), file), path.join(student.run(run), file));
    }
    await student.fails(new RegExp(`${run}: .*in the lab`));
  });

  test(`lab ${number}: wrong: messages were lost`, async () => {
    const student = await new Student(number).takesRecorded();
    student.edit(run, (result) => {
      result.valid = false;
      result.transports[0].repetitions[0].valid = false;
      result.transports[0].repetitions[0].invalid = ['3 deliveries were lost'];
    });
    await student.fails(/3 deliveries were lost/);
  });

  test(`lab ${number}: wrong: a figure was mended by hand`, async () => {
    const student = await new Student(number).takesRecorded();
    student.edit(run, (result) => {
      result.transports[0].repetitions[0].delivery_latency_us.mean /= 2;
    });
    await student.fails(/edited/);
  });

  test(`lab ${number}: each of its checks can be off, and says what to look at`, async () => {
    const text = fs.readFileSync(path.join(LABS, number, 'lab.toml'), 'utf8');
    for (let n = 0; turned(text, n) !== null; ++n) {
      const labs = path.join(folder, `labs-${number}-${n}`);
      fs.cpSync(path.join(LABS, number), path.join(labs, number), { recursive: true });
      fs.writeFileSync(path.join(labs, number, 'lab.toml'), turned(text, n));
      const student = await new Student(number, labs).takesRecorded();
      const checked = await student.lab('check');
      assert.equal(checked.code, 3, `check ${n + 1}: ${checked.text}`);
      assert.equal(checked.text.match(/^off /gm).length, 1, checked.text);
      assert.match(checked.text, /^ +Hint: /m);
    }
  });
}
