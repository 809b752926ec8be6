// The emulated link that `pushbench serve --link` puts before each connection.

/** The delay one way, in ms; undefined where the server has no link. */
export async function linkDelay(): Promise<number | undefined> {
  // By the server's list of paths: asking for a path that is not there is an error in the browser's
  // console.
  const index = await (await fetch('/', { headers: { Accept: 'text/plain' } })).text();
  if (!/^GET +\/link\b/m.test(index)) return undefined;
  const answer = await fetch('/link');
  return answer.ok ? delayIn(await answer.json()) : undefined;
}

/**
 * Sets it for the connections that are made from now on. Throws with the server's words where it
 * refuses.
 */
export async function setLinkDelay(ms: number, token: string): Promise<void> {
  const headers = {
    'Content-Type': 'application/json',
    ...(token && { Authorization: `Bearer ${token}` }),
  };
  const answer = await fetch('/link', {
    method: 'PUT',
    headers,
    body: JSON.stringify({ delay: `${ms}ms` }),
  });
  if (answer.ok) return;
  const problem = (await answer.json().catch(() => ({}))) as { detail?: string };
  throw new Error(problem.detail ?? `${answer.status} ${answer.statusText}`);
}

const UNITS: Readonly<Record<string, number>> = { us: 1e-3, ms: 1, s: 1000 };

/** From {"delay":"1.5s"}, in ms. */
export function delayIn(link: unknown): number | undefined {
  const text = (link as { delay?: unknown } | null)?.delay;
  const [, number, unit] = /^([\d.]+)([a-z]+)$/.exec(typeof text === 'string' ? text : '') ?? [];
  const factor = unit === undefined ? undefined : UNITS[unit];
  return factor === undefined ? undefined : Number(number) * factor;
}
