// Reading written shapes for the preview only; what counts is how the server reads them.
// Geometry is GeoJSON, CGCS2000 degrees, longitude first.

const EARTH_M = 6378137;

export function readShape(text) {
  const written = text.trim();
  if (!written) return null;
  return readPair(written) ?? readGeoJson(written) ?? readWkt(written);
}

export function asText(geometry) {
  if (geometry.type === "Point") return geometry.coordinates.map((degrees) => degrees.toFixed(6)).join(", ");
  const rings = JSON.stringify(rounded(geometry.coordinates))
    .replace(/\[(-?[\d.e-]+),(-?[\d.e-]+)\]/g, "$1 $2")
    .replaceAll("[", "(")
    .replaceAll("]", ")");
  return `${geometry.type.toUpperCase()}${rings}`;
}

export function areaM2(geometry) {
  if (geometry.type === "Polygon") return polygonArea(geometry.coordinates);
  if (geometry.type === "MultiPolygon") return geometry.coordinates.reduce((sum, rings) => sum + polygonArea(rings), 0);
  return 0;
}

export function lengthM(geometry) {
  const lines = geometry.type === "LineString" ? [geometry.coordinates] : geometry.coordinates;
  return lines.reduce((sum, line) => sum + line.slice(1).reduce((m, point, i) => m + apart(line[i], point), 0), 0);
}

// A few points that stand for the shape: its corners, spread out, and its middle.
export function samples(geometry, most = 9) {
  const corners = flat(geometry.coordinates);
  if (geometry.type === "Point") return corners;
  const every = Math.max(1, Math.ceil(corners.length / (most - 1)));
  const chosen = corners.filter((_, i) => i % every === 0);
  if (geometry.type === "MultiPoint") return chosen;
  const middle = [0, 1].map((axis) => corners.reduce((sum, corner) => sum + corner[axis], 0) / corners.length);
  return [middle, ...chosen];
}

export function areaWords(m2) {
  return m2 >= 10_000 ? `${(m2 / 10_000).toFixed(2)} ha` : `${m2.toFixed(0)} m²`;
}

export function lengthWords(m) {
  return m >= 1000 ? `${(m / 1000).toFixed(2)} km` : `${m.toFixed(0)} m`;
}

function readPair(written) {
  const found = /^(-?\d+(?:\.\d+)?)[°]?\s*[,，;；\s]\s*(-?\d+(?:\.\d+)?)[°]?$/.exec(written);
  return found ? sound({ type: "Point", coordinates: [Number(found[1]), Number(found[2])] }) : null;
}

function readGeoJson(written) {
  if (!written.startsWith("{")) return null;
  try {
    const read = JSON.parse(written);
    const first = read.type === "FeatureCollection" && read.features.length === 1 ? read.features[0] : read;
    return sound(first.type === "Feature" ? first.geometry : first);
  } catch (problem) {
    if (problem instanceof SyntaxError || problem instanceof TypeError) return null;
    throw problem;
  }
}

const WKT_TYPES = { POINT: "Point", LINESTRING: "LineString", POLYGON: "Polygon", MULTIPOLYGON: "MultiPolygon", MULTILINESTRING: "MultiLineString" };

function readWkt(written) {
  const found = /^\s*(?:SRID=\d+;)?\s*([A-Z]+)\s*(\([\s\S]*\))\s*$/i.exec(written);
  const type = found && WKT_TYPES[found[1].toUpperCase()];
  if (!type) return null;
  const json = found[2]
    .replace(/(-?[\d.]+(?:e-?\d+)?)\s+(-?[\d.]+(?:e-?\d+)?)(?:\s+-?[\d.]+)*/gi, "[$1,$2]")
    .replaceAll("(", "[")
    .replaceAll(")", "]");
  try {
    const read = JSON.parse(json);
    return sound({ type, coordinates: type === "Point" ? read[0] : read });
  } catch (problem) {
    if (problem instanceof SyntaxError) return null;
    throw problem;
  }
}

function sound(geometry) {
  if (!geometry || !Object.values(WKT_TYPES).includes(geometry.type)) return null;
  const points = flat(geometry.coordinates);
  const onEarth = ([lon, lat]) => Math.abs(lon) <= 180 && Math.abs(lat) <= 90;
  return points.length && points.every(onEarth) ? geometry : null;
}

function flat(coordinates) {
  return typeof coordinates[0] === "number" ? [coordinates] : coordinates.flatMap(flat);
}

function rounded(coordinates) {
  return typeof coordinates === "number" ? Number(coordinates.toFixed(6)) : coordinates.map(rounded);
}

function polygonArea([outer, ...holes]) {
  return ringArea(outer) - holes.reduce((sum, hole) => sum + ringArea(hole), 0);
}

// Spherical area of a ring (Chamberlain & Duquette, 2007).
function ringArea(ring) {
  const rad = Math.PI / 180;
  const sum = ring.reduce((total, [lon, lat], i) => {
    const [nextLon, nextLat] = ring[(i + 1) % ring.length];
    return total + (nextLon - lon) * rad * (2 + Math.sin(lat * rad) + Math.sin(nextLat * rad));
  }, 0);
  return Math.abs((sum * EARTH_M * EARTH_M) / 2);
}

function apart([lon, lat], [otherLon, otherLat]) {
  const rad = Math.PI / 180;
  const east = (otherLon - lon) * rad * Math.cos(((lat + otherLat) / 2) * rad);
  return EARTH_M * Math.hypot(east, (otherLat - lat) * rad);
}
