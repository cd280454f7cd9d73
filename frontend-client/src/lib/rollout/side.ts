/** Which of the two sides serves a listener. The service decides by the same rule: `rollout.py`. */

export type Side = 'railway' | 'vercel';
/** As `/api/config` tells it: `percent` of the listeners are served by railway, nobody while `kill` is on. */
export type Rollout = { percent: number; salt: string; kill: boolean };

const BUCKETS = 10_000;
/** The bucket of who has not signed in: they move last. */
export const NOBODY = BUCKETS - 1;

export function other(side: Side): Side {
	return side === 'railway' ? 'vercel' : 'railway';
}

/** The same for a listener for as long as the salt is; spread evenly over 0 to 9999. */
export async function bucketOf(salt: string, listener: string): Promise<number> {
	const told = new TextEncoder().encode(`${salt}:${listener}`);
	const digest = await crypto.subtle.digest('SHA-256', told);
	return new DataView(digest).getUint32(0) % BUCKETS;
}

/** Whoever is served by railway stays there when the percent rises. */
export function decide({ percent, kill }: Rollout, bucket: number): Side {
	if (kill) return 'vercel';
	return bucket < Math.round((percent * BUCKETS) / 100) ? 'railway' : 'vercel';
}
