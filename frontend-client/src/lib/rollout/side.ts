/** Which of the two sides serves a listener. The service uses the same rule: `audiobrew/rollout/sides.py`. */

export type Side = 'railway' | 'vercel';
/** From `/api/config`: `percent` of the listeners are served by railway, none while `kill` is on. */
export type Rollout = { percent: number; salt: string; kill: boolean };

const BUCKETS = 10_000;
/** The bucket of visitors who have not signed in: they move last. */
export const ANONYMOUS_BUCKET = BUCKETS - 1;

export function otherSide(side: Side): Side {
	return side === 'railway' ? 'vercel' : 'railway';
}

/** A number from 0 to 9999, evenly spread, and the same for a listener as long as the salt stays. */
export async function computeBucket(salt: string, listener: string): Promise<number> {
	const bytes = new TextEncoder().encode(`${salt}:${listener}`);
	const digest = await crypto.subtle.digest('SHA-256', bytes);
	return new DataView(digest).getUint32(0) % BUCKETS;
}

/** A listener who is served by railway stays there when the percentage rises. */
export function chooseSide({ percent, kill }: Rollout, bucket: number): Side {
	if (kill) return 'vercel';
	return bucket < Math.round((percent * BUCKETS) / 100) ? 'railway' : 'vercel';
}
