// report.html in a real browser, from a file: every picture is drawn, nothing is asked of anybody, and
// its tables say what the result inside of it says. REPORT_PAGE prints the page to a name.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test as plainTest } from 'node:test';
import { pathToFileURL } from 'node:url';
import { GUARD_MS } from '../conformance/serve.mjs';
import { launch } from './browser.mjs';

const test = (name, body) => plainTest(name, { timeout: 6 * GUARD_MS }, body);

const AWKWARD = '</script><img src=x onerror="document.title=\'injected\'">\'"&<!-- \u2028 \\u003c \\';
const CHARTS = ['percentiles', 'times', 'exchanges', 'bytes', 'wire', 'theory', 'cpu', 'memory'];

let folder;
let url;
let invalidUrl;
let browser;

/** Writes a report with these words in it to a file; its address. */
function made(name, ...args) {
  const page = spawnSync(process.env.REPORT_PAGE, args, { encoding: 'buffer', maxBuffer: 1 << 24 });
  assert.equal(page.status, 0);
  fs.writeFileSync(path.join(folder, name), page.stdout);
  return pathToFileURL(path.join(folder, name)).href;
}

before(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pushbench-report-'));
  url = made('report.html', AWKWARD);
  invalidUrl = made('invalid.html', AWKWARD, 'invalid');
  browser = await launch();
}, { timeout: 10 * GUARD_MS });

after(async () => {
  await browser?.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

/** Opens the report and hears what it asks for and complains of. */
async function opened(options = {}, address = url) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, acceptDownloads: true, ...options });
  const page = await context.newPage();
  page.requests = [];
  page.complaints = [];
  page.on('request', (request) => page.requests.push(request.url()));
  page.on('console', (message) => message.type() === 'error' && page.complaints.push(message.text()));
  page.on('pageerror', (error) => page.complaints.push(String(error)));
  await page.goto(address);
  return page;
}

const settled = (page) => page.waitForFunction(() => document.documentElement.dataset.drawn === 'yes');

test('every picture is drawn, without a complaint or a request', async () => {
  const page = await opened();
  await settled(page);
  const pictures = await page.evaluate(() =>
    [...document.querySelectorAll('[data-chart]')].map((box) => {
      const svg = box.querySelector('svg');
      return {
        chart: box.dataset.chart,
        marks: svg?.querySelectorAll('path, rect, circle, line').length ?? 0,
        bad: svg ? /NaN|Infinity|undefined/.test(svg.outerHTML) : true,
        role: svg?.getAttribute('role'),
        label: svg?.getAttribute('aria-label') ?? '',
        saves: box.querySelectorAll('button.save').length,
      };
    }));
  assert.deepEqual(pictures.map(({ chart }) => chart).sort(), [...CHARTS].sort());
  for (const { chart, marks, bad, role, label, saves } of pictures) {
    assert.ok(marks >= 8, `${chart} has ${marks} marks`);
    assert.equal(bad, false, `${chart} has a place that is no number`);
    assert.equal(role, chart === 'wire' ? 'group' : 'img', chart); // its arrows can be walked through
    assert.ok(label.length > 40, `${chart} says only "${label}"`);
    assert.equal(saves, 1, chart);
  }
  assert.deepEqual(page.complaints, []);
  assert.deepEqual(page.requests, [url]);
  await page.context().close();
});

test('no name becomes markup', async () => {
  const page = await opened({}, invalidUrl);
  await settled(page);
  const seen = await page.evaluate(() => ({
    images: document.images.length,
    heading: document.querySelector('h1').textContent,
    title: document.title,
    result: JSON.parse(document.getElementById('result').textContent).scenario,
    banners: [...document.querySelectorAll('.banner')].map((banner) => banner.textContent),
  }));
  assert.equal(seen.images, 0);
  assert.equal(seen.heading, AWKWARD);
  assert.ok(seen.title.startsWith('</script><img'));
  assert.equal(seen.result, AWKWARD);
  assert.equal(seen.banners.length, 2);
  for (const banner of seen.banners) assert.ok(banner.includes(AWKWARD));
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

/** A figure of a repetition by the name that a table has for it. */
function figureOf(repetition, name) {
  const messages = repetition.messages.delivered;
  const both = (layer) => (repetition.bytes[layer].up + repetition.bytes[layer].down) / messages;
  const derived = {
    'exchanges.empty_share': () => (repetition.exchanges.asked > 0 ? repetition.exchanges.empty_share : null),
    exchanges_per_message: () => repetition.exchanges.asked / messages,
    payload_bytes: () => both('payload'),
    application_bytes: () => both('application'),
    network_bytes: () => both('network'),
    server_cpu: () => repetition.server.cpu_us / messages,
    server_memory: () => repetition.server.peak_rss_bytes / repetition.users,
    'lateness.p99': () => repetition.harness.lateness_us.p99,
    delivered_per_second: () => messages / repetition.duration_s,
  };
  if (derived[name]) return derived[name]();
  const path = name.replace(/^delivery_latency\./, 'delivery_latency_us.').split('.');
  return path.reduce((at, key) => at?.[key], repetition);
}

test('the tables of the repetitions equal result.json', async () => {
  const page = await opened();
  const { result, tables } = await page.evaluate(() => ({
    result: JSON.parse(document.getElementById('result').textContent),
    tables: [...document.querySelectorAll('section[aria-labelledby=repetitions] table')].map((table) => ({
      caption: table.caption.textContent,
      rows: [...table.tBodies[0].rows].map((row) => ({
        name: row.cells[0].textContent,
        values: [...row.cells].slice(2).map((cell) => {
          const data = cell.querySelector('data');
          return data ? { value: Number(data.value), text: data.textContent } : null;
        }),
      })),
    })),
  }));
  assert.equal(tables.length, 4);
  tables.forEach(({ caption, rows }, t) => {
    const { name, repetitions } = result.transports[t];
    assert.ok(caption.startsWith(name));
    assert.ok(rows.length > 50, `${name} has ${rows.length} rows`);
    for (const row of rows) {
      assert.equal(row.values.length, repetitions.length);
      repetitions.forEach((repetition, i) => {
        const wanted = figureOf(repetition, row.name);
        assert.notEqual(wanted, undefined, `${row.name} is not in the result`);
        const where = `${name}, ${row.name}, repetition ${i + 1}`;
        if (wanted === null) return assert.equal(row.values[i], null, where);
        assert.ok(Math.abs(row.values[i].value - wanted) <= 1e-9 * Math.abs(wanted), `${where}: ${row.values[i].value}, not ${wanted}`);
        // The text rounds the value: the same leading digits, in whatever unit.
        if (!/[a-z%]/i.test(row.values[i].text)) {
          const read = Number(row.values[i].text.replaceAll(',', ''));
          assert.ok(Math.abs(read - wanted) <= 0.0051 * Math.abs(wanted), `${where}: reads ${row.values[i].text}`);
        }
      });
    }
  });
  await page.context().close();
});

const ROWS = {
  'latency p50': 'delivery_latency.p50',
  'latency p99': 'delivery_latency.p99',
  'empty share': 'exchanges.empty_share',
  'network bytes a message': 'network_bytes',
  'server CPU a message': 'server_cpu',
};

test("the verdict's figures are the medians of those in result.json", async () => {
  const page = await opened();
  const { result, rows } = await page.evaluate(() => ({
    result: JSON.parse(document.getElementById('result').textContent),
    rows: [...document.querySelector('section[aria-labelledby=verdict] table').tBodies[0].rows].map((row) => ({
      name: row.cells[0].textContent,
      values: [...row.cells].slice(1).map((cell) => Number(cell.querySelector('data')?.value)),
    })),
  }));
  assert.deepEqual(rows.map(({ name }) => name), Object.keys(ROWS));
  for (const { name, values } of rows) {
    result.transports.forEach(({ name: transport, repetitions }, t) => {
      const own = repetitions.map((repetition) => figureOf(repetition, ROWS[name]));
      if (own.includes(null)) return assert.ok(Number.isNaN(values[t]), `${transport}, ${name}`);
      assert.equal(own.length, 3); // the second of them is the median
      const wanted = own.sort((a, b) => a - b)[1];
      assert.ok(Math.abs(values[t] - wanted) <= 1e-9 * wanted, `${transport}, ${name}: ${values[t]}, not ${wanted}`);
    });
  }
  await page.context().close();
});

test('pictures and their tables show the same', async () => {
  const page = await opened();
  const { charts, latency, bytes } = await page.evaluate(() => {
    const table = (chart) => [...document.querySelector(`#figure-${chart} table`).tBodies[0].rows].map((row) => [
      row.cells[0].textContent,
      ...[...row.cells].slice(1).map((cell) => Number(cell.querySelector('data')?.value)),
    ]);
    return { charts: JSON.parse(document.getElementById('charts').textContent), latency: table('percentiles'), bytes: table('bytes') };
  });
  for (const [name, ...values] of latency.filter(([head]) => head.endsWith(' %'))) {
    charts.percentiles.forEach(({ points }, i) => {
      assert.equal(values[i], points.find(([percent]) => percent === parseFloat(name))?.[1], name);
    });
  }
  bytes.forEach(([transport, ...values], i) => {
    const parts = charts.bytes[i].parts.map(({ value }) => value);
    assert.equal(charts.bytes[i].transport, transport);
    assert.deepEqual(values.slice(0, -1), parts);
    assert.ok(Math.abs(values.at(-1) - parts.reduce((a, b) => a + b)) < 1e-6);
  });
  await page.context().close();
});

test('"Save SVG" gives a picture that stands alone', async () => {
  const page = await opened();
  await settled(page);
  for (const chart of CHARTS) {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.locator(`#figure-${chart} button.save`).click(),
    ]);
    assert.match(download.suggestedFilename(), /^[a-z0-9-]+\.svg$/);
    const text = fs.readFileSync(await download.path(), 'utf8');
    const seen = await page.evaluate((source) => {
      const read = new DOMParser().parseFromString(source, 'image/svg+xml');
      return {
        root: read.documentElement.nodeName,
        error: read.querySelector('parsererror')?.textContent,
        marks: read.querySelectorAll('path, rect, circle, line').length,
        title: read.querySelector('title')?.textContent,
      };
    }, text);
    assert.equal(seen.error, undefined, chart);
    assert.equal(seen.root, 'svg');
    assert.ok(seen.marks >= 8, chart);
    assert.ok(seen.title.length > 40);
    assert.doesNotMatch(text, /var\(|class=|<style/, `${chart} needs the page's style sheet`);
    assert.doesNotMatch(text.replaceAll(/http:\/\/www\.w3\.org\/[\w/]+/g, ''), /https?:/);
  }
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test('without script verdict and tables are there', async () => {
  const page = await opened({ javaScriptEnabled: false });
  const verdict = page.locator('section[aria-labelledby=verdict]');
  assert.ok(await verdict.locator('tbody tr').count() >= 4);
  assert.ok(await verdict.locator('.is-best').count() >= 4);
  assert.ok(await verdict.locator('.sentences li').count() >= 2);
  assert.equal(await page.locator('[data-chart] svg').count(), 0);
  for (const chart of CHARTS) {
    const details = page.locator(`#figure-${chart} details`).first();
    await details.locator('summary').click();
    assert.ok(await details.locator('table').isVisible(), chart);
  }
  assert.deepEqual(page.requests, [url]);
  await page.context().close();
});

/** Relative luminance of "rgb(…)", and the contrast of two. */
const luminance = (color) => {
  const [r, g, b] = color.match(/[\d.]+/g).map((part) => {
    const share = Number(part) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a, b) => {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
};

test('light and dark can both be read', async () => {
  const page = await opened();
  await settled(page);
  const grounds = {};
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    const { ground, words } = await page.evaluate(() => {
      const color = (element, property) => getComputedStyle(element)[property];
      return {
        ground: color(document.body, 'backgroundColor'),
        words: [
          color(document.body, 'color'),
          ...[...document.querySelectorAll('figcaption, summary, caption, .facts-line')].map((e) => color(e, 'color')),
          ...[...document.querySelectorAll('#figure-percentiles svg text')].map((e) => color(e, 'fill')),
        ],
      };
    });
    for (const word of new Set(words)) {
      assert.ok(contrast(word, ground) >= 4.5, `${colorScheme}: ${word} on ${ground} is ${contrast(word, ground).toFixed(2)}`);
    }
    grounds[colorScheme] = ground;
  }
  assert.notEqual(grounds.light, grounds.dark);
  assert.ok(luminance(grounds.light) > luminance(grounds.dark));
  await page.context().close();
});

test('a narrow page does not scroll sideways', async () => {
  const page = await opened({ viewport: { width: 400, height: 800 } });
  await settled(page);
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
  });
  assert.equal(await page.evaluate(() => document.scrollingElement.scrollWidth), 400);
  await page.setViewportSize({ width: 1000, height: 800 });
  await page.waitForFunction(() => document.querySelector('#figure-percentiles svg').clientWidth > 700);
  await page.context().close();
});

test('the keyboard gets everywhere, and paper gets every table', async () => {
  const page = await opened();
  await settled(page);
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.className), 'skip');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'main');
  await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
  assert.equal(await page.locator('details:not([open])').count(), 0);
  await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
  assert.ok(await page.locator('details:not([open])').count() > 5);
  const pdf = await page.pdf({ format: 'A4' });
  assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
  assert.deepEqual(page.requests, [url]);
  await page.context().close();
});

for (const kind of ['sweep', 'capacity']) {
  test(`a ${kind}'s curves are drawn`, async () => {
    const page = await opened({}, made(`${kind}.html`, AWKWARD, kind));
    await settled(page);
    const curves = await page.evaluate(() =>
      [...document.querySelectorAll('[data-chart=curve]')].map((box) => ({
        points: box.querySelectorAll('svg [aria-label=dot] path, svg [aria-label=dot] circle').length,
        bad: /NaN|Infinity|undefined/.test(box.innerHTML),
        figures: [...box.closest('figure').querySelectorAll('data')].length,
      })));
    assert.equal(curves.length, kind === 'sweep' ? 3 : 1);
    for (const { points, bad, figures } of curves) {
      assert.equal(bad, false);
      assert.ok(figures >= 6);
      assert.equal(points, figures);
    }
    assert.equal(await page.evaluate(() => document.images.length), 0);
    assert.deepEqual(page.complaints, []);
    assert.equal(page.requests.length, 1);
    await page.context().close();
  });
}

const tip = (page) => page.evaluate(() => {
  const box = document.querySelector('.wire-tip');
  const part = (name) => [...box.querySelectorAll(name)].map(({ textContent }) => textContent).join('');
  return box && { head: part('.wire-head'), body: part('.wire-body') };
});

test('the wire view shows the text behind the arrow that is pointed at or walked to', async () => {
  const page = await opened();
  await settled(page);
  const result = await page.evaluate(() => JSON.parse(document.getElementById('result').textContent));
  // As far as the view of long polling goes, which has more than it shows.
  const shown = result.transports.map(({ wire }) => wire.events.filter(({ at_us: at }) => at <= 112_301));
  const arrows = page.locator('#figure-wire .wire-arrow');
  assert.equal(await arrows.count(), shown.flat().length);
  assert.equal(await tip(page), null);
  await arrows.nth(2).hover();
  const { head, body } = shown.flat()[2];
  assert.deepEqual(await tip(page), { head, body });
  assert.ok(body.includes(AWKWARD));
  await page.mouse.move(0, 0);
  assert.equal(await tip(page), null);
  // One stop for Tab, arrow keys from there.
  assert.equal(await page.locator('#figure-wire svg [tabindex="0"]').count(), 1);
  await arrows.first().focus();
  await page.keyboard.press('ArrowDown');
  assert.equal((await tip(page)).head, shown[0][1].head);
  await page.keyboard.press('End');
  assert.equal((await tip(page)).head, shown.flat().at(-1).head);
  await page.keyboard.press('Escape');
  assert.equal(await tip(page), null);
  await page.context().close();
});

test('the wire view has all texts in lists, too, and its table has their sums', async () => {
  const page = await opened();
  const { result, lists, rows } = await page.evaluate(() => ({
    result: JSON.parse(document.getElementById('result').textContent),
    lists: [...document.querySelectorAll('.wire-list')].map((list) =>
      [...list.children].map((item) => ['head', 'body'].map((part) =>
        [...item.querySelectorAll(`.wire-${part}`)].map(({ textContent }) => textContent).join('')))),
    rows: [...document.querySelector('#figure-wire table').tBodies[0].rows].map((row) =>
      [...row.querySelectorAll('data')].map(({ value }) => Number(value))),
  }));
  result.transports.forEach(({ wire: { events } }, t) => {
    assert.deepEqual(lists[t].map((texts) => texts.join('|')),
      // A page's text has no CR, wherever one stood.
      events.map(({ head, body }) => [head, body].join('|').replaceAll('\r\n', '\n')));
    const shown = events.filter(({ at_us: at }) => at <= 112_301);
    const sum = (of) => shown.reduce((all, event) => all + of(event), 0);
    const heads = sum((e) => e.head_bytes);
    const bodies = sum((e) => e.body_bytes);
    const up = sum((e) => (e.up ? e.head_bytes + e.body_bytes : 0));
    const share = heads / (heads + bodies);
    assert.deepEqual(rows[t].map((value) => value.toPrecision(6)),
      [shown.length, up, heads + bodies - up, heads, bodies, share].map((value) => value.toPrecision(6)));
  });
  await page.context().close();
});
