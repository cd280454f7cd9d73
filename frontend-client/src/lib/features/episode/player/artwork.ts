/** Renders an episode's cover as a PNG, for lock screens. */

import { mount, unmount } from 'svelte';
import Cover from '#lib/components/Cover.svelte';

const PIXELS = 512;

/** Returns an empty list if this browser cannot render it. */
export async function renderCoverImages(id: string): Promise<MediaImage[]> {
	try {
		const src = await rasterize(renderSvg(id));
		return [{ src, sizes: `${PIXELS}x${PIXELS}`, type: 'image/png' }];
	} catch (error) {
		console.warn('No artwork for the media session.', error);
		return [];
	}
}

function renderSvg(id: string): string {
	const target = document.createElement('div');
	const cover = mount(Cover, { target, props: { id } });
	const element = target.querySelector('svg')!;
	element.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
	element.setAttribute('width', String(PIXELS));
	element.setAttribute('height', String(PIXELS));
	const text = new XMLSerializer().serializeToString(element);
	void unmount(cover);
	return text;
}

async function rasterize(svg: string): Promise<string> {
	const image = new Image();
	image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
	await image.decode();
	const canvas = document.createElement('canvas');
	canvas.width = canvas.height = PIXELS;
	canvas.getContext('2d')!.drawImage(image, 0, 0, PIXELS, PIXELS);
	return canvas.toDataURL('image/png');
}
