// A photo made smaller in the browser loses its notes. These carry them over, so that the place and the time that
// the phone wrote down still reach the city, where they are read and then kept from the public.

const JPEG_START = 0xffd8;
const NOTES = 0xffe1;
const ENTROPY = 0xffda;
const ORIENTATION = 0x0112;

/** The Exif segment of a JPEG as bytes, with its turn set to "upright"; null where there is none. */
export function notesOf(buffer) {
  const view = new DataView(buffer);
  if (view.byteLength < 4 || view.getUint16(0) !== JPEG_START) return null;
  let at = 2;
  while (at + 4 <= view.byteLength) {
    const marker = view.getUint16(at);
    if (marker === ENTROPY || marker < 0xff00) return null;
    const length = view.getUint16(at + 2) + 2;
    if (marker === NOTES && isExif(view, at + 4)) {
      const segment = buffer.slice(at, at + length);
      setUpright(new DataView(segment, 10));
      return segment;
    }
    at += length;
  }
  return null;
}

/** The same JPEG with a segment put in behind its first two bytes. */
export async function withNotes(blob, segment) {
  const bytes = await blob.arrayBuffer();
  return new Blob([bytes.slice(0, 2), segment, bytes.slice(2)], { type: blob.type });
}

function isExif(view, at) {
  return at + 6 <= view.byteLength && view.getUint32(at) === 0x45786966;
}

/** The canvas has already turned the picture. */
function setUpright(tiff) {
  const little = tiff.getUint16(0) === 0x4949;
  const first = tiff.getUint32(4, little);
  const count = tiff.getUint16(first, little);
  for (let n = 0; n < count; n += 1) {
    const entry = first + 2 + n * 12;
    if (tiff.getUint16(entry, little) === ORIENTATION) tiff.setUint16(entry + 8, 1, little);
  }
}
