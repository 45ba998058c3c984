/* One binary space partition over the zones of all layers of a release: build it, and ask it about sites.

   A node is a rectangle, halved at its middle, across x and y in turn. Zones that fill a node are listed there once
   (`full`) and no more below it. A leaf keeps the zones' rings cut to its rectangle (I. Sutherland and G. Hodgman,
   "Reentrant polygon clipping", Communications of the ACM 17, 1974) and says of every edge whether it was drawn or is
   the frame of a cut. Each node knows the layers with a drawn edge in it.

   Lengths are metres on one plane. Nothing here keeps state, holds memory after a call, or can fail on odd shapes: there
   is no topology in it. Results must not depend on the machine: compile without contraction of floating-point operations. */

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define VERSION 3  /* of the arrays and functions; `layers/kernel.py` has the same */
#define DEEPEST 44 /* levels; a square of 500 km is then 12 cm */

typedef struct {
    double box[4];          /* west, south, east, north of the root */
    const int32_t *right;   /* per node: its right half; the left one follows the node; -1 for a leaf */
    const uint64_t *layers; /* per node: bit i if layer i has a drawn edge in it */
    const int64_t *full_at; /* per node, and one more: where its zones begin in `full` */
    const int32_t *full;
    const int64_t *ring_at; /* per node, and one more: where its rings begin */
    const int32_t *ring_zone;
    const int64_t *vertex_at; /* per ring, and one more: where its vertices begin */
    const double *xy;
    const uint8_t *drawn;   /* per vertex: whether the edge that ends there was drawn */
    const uint8_t *layer_of; /* per zone */
    int64_t zones;
} Partition;

/* Polygons in any orientation, rings closed; a point is a ring of itself twice. */
typedef struct {
    const double *xy;
    const int64_t *ring_at;  /* per ring, and one more: its first vertex */
    const int64_t *shape_at; /* per shape, and one more: its first ring */
    const uint8_t *is_shell; /* per ring: whether a part begins with it; its holes follow */
    const int64_t *order;    /* in which to answer, so that neighbours find the same nodes in the cache; or NULL */
    int64_t shapes;
} Shapes;

static double least(double a, double b) { return a < b ? a : b; }
static double most(double a, double b) { return a > b ? a : b; }

int partition_version(void) { return VERSION; }

/* -- cutting -------------------------------------------------------------------------------------------------------- */

/* The part of a ring on one side of x or y = v; returns its number of vertices, at most 2 n.

   Where an edge crosses the line is computed in one direction, so that both halves get the same point. */
static int64_t cut(const double *from, const uint8_t *drawn, int64_t n, double *to, uint8_t *to_drawn, int axis,
                   double v, int low) {
    int64_t m = 0;
    const double *p = from + 2 * (n - 1);
    int p_in = low ? p[axis] <= v : p[axis] >= v;
    for (int64_t i = 0; i < n; i++) {
        const double *q = from + 2 * i;
        int q_in = low ? q[axis] <= v : q[axis] >= v, enters = q_in && !p_in;
        uint8_t flag = drawn ? drawn[i] : 1;
        if (p_in != q_in && p[axis] != v && q[axis] != v) {
            const double *a = p[axis] < q[axis] ? p : q, *b = a == p ? q : p;
            to[2 * m + axis] = v;
            to[2 * m + 1 - axis] = a[1 - axis] + (b[1 - axis] - a[1 - axis]) * ((v - a[axis]) / (b[axis] - a[axis]));
            if (to_drawn) to_drawn[m] = enters ? 0 : flag;
            m++, enters = 0;
        }
        if (q_in) {
            to[2 * m] = q[0], to[2 * m + 1] = q[1];
            if (to_drawn) to_drawn[m] = enters ? 0 : flag;
            m++;
        }
        p = q, p_in = q_in;
    }
    return m;
}

/* Signed area of a ring (the shoelace formula, about its first vertex). */
static double area_of(const double *xy, int64_t n) {
    double twice = 0.0;
    for (int64_t i = 1; i + 1 < n; i++)
        twice += (xy[2 * i] - xy[0]) * (xy[2 * i + 3] - xy[1]) - (xy[2 * i + 2] - xy[0]) * (xy[2 * i + 1] - xy[1]);
    return 0.5 * twice;
}

/* -- building ------------------------------------------------------------------------------------------------------- */

typedef struct {
    char *at;
    int64_t used, room; /* bytes */
} Store;

enum { RIGHT, LAYERS, FULL_AT, FULL, RING_AT, RING_ZONE, VERTEX_AT, XY, DRAWN, PARTS };

typedef struct {
    Store part[PARTS];
    Store rings, xy, drawn; /* of the nodes on the way down: a stack */
    const uint8_t *layer_of;
    int64_t edges_per_leaf;
    int failed;
} Builder;

typedef struct {
    int64_t zone, start, n;
} Ring;

static void *more(Builder *b, Store *s, int64_t bytes) {
    if (s->used + bytes > s->room) {
        int64_t room = (s->used + bytes) * 3 / 2 + 4096;
        char *at = realloc(s->at, (size_t)room);
        if (!at) {
            b->failed = 1;
            return NULL;
        }
        s->at = at, s->room = room;
    }
    s->used += bytes;
    return s->at + s->used - bytes;
}

static void put(Builder *b, int part, const void *value, int64_t bytes) {
    void *at = more(b, &b->part[part], bytes);
    if (at && bytes) memcpy(at, value, (size_t)bytes);
}

static void put_count(Builder *b, int part, int64_t counted, int64_t bytes) {
    int64_t count = b->part[counted].used / bytes;
    put(b, part, &count, sizeof count);
}

static void build(Builder *b, int64_t first, int64_t end, double x0, double y0, double x1, double y1, int level);

/* The rings [first, end) of a node, cut to one half, on top of the stack and built below it. */
static void build_half(Builder *b, int64_t first, int64_t end, double x0, double y0, double x1, double y1, int level,
                       double v, int low) {
    int axis = level & 1;
    int64_t rings = b->rings.used, xy = b->xy.used, drawn = b->drawn.used, start = rings / (int64_t)sizeof(Ring);
    for (int64_t i = first; i < end && !b->failed; i++) {
        Ring ring = ((Ring *)b->rings.at)[i];
        if (ring.zone < 0) continue;
        int64_t at = b->drawn.used;
        double *to = more(b, &b->xy, 4 * ring.n * (int64_t)sizeof(double));
        uint8_t *to_drawn = more(b, &b->drawn, 2 * ring.n);
        if (!to || !to_drawn) return;
        int64_t n = cut((double *)b->xy.at + 2 * ring.start, (uint8_t *)b->drawn.at + ring.start, ring.n, to, to_drawn,
                        axis, v, low);
        if (n < 3) n = 0;
        b->xy.used = (at + n) * 2 * (int64_t)sizeof(double), b->drawn.used = at + n;
        Ring *kept = n ? more(b, &b->rings, sizeof(Ring)) : NULL;
        if (kept) *kept = (Ring){ring.zone, at, n};
    }
    int64_t stop = b->rings.used / (int64_t)sizeof(Ring);
    if (axis == 0)
        build(b, start, stop, low ? x0 : v, y0, low ? v : x1, y1, level + 1);
    else
        build(b, start, stop, x0, low ? y0 : v, x1, low ? v : y1, level + 1);
    b->rings.used = rings, b->xy.used = xy, b->drawn.used = drawn;
}

/* A node of the rings [first, end), those of one zone together. */
static void build(Builder *b, int64_t first, int64_t end, double x0, double y0, double x1, double y1, int level) {
    if (b->failed) return;
    int64_t node = b->part[RIGHT].used / (int64_t)sizeof(int32_t), edges = 0, zones = 0;
    uint64_t layers = 0;
    int32_t right = -1;
    Ring *rings = (Ring *)b->rings.at;
    for (int64_t i = first, j; i < end; i = j) {
        int64_t own = 0;
        double area = 0.0;
        for (j = i; j < end && rings[j].zone == rings[i].zone; j++) {
            for (int64_t k = 0; k < rings[j].n; k++) own += ((uint8_t *)b->drawn.at)[rings[j].start + k];
            area += area_of((double *)b->xy.at + 2 * rings[j].start, rings[j].n);
        }
        edges += own;
        if (own) {
            layers |= (uint64_t)1 << b->layer_of[rings[i].zone];
            zones++;
            continue;
        }
        if (area > 0.5 * (x1 - x0) * (y1 - y0)) {
            int32_t zone = (int32_t)rings[i].zone;
            put(b, FULL, &zone, sizeof zone);
        }
        for (int64_t k = i; k < j; k++) rings[k].zone = -1;
    }
    put(b, RIGHT, &right, sizeof right);
    put(b, LAYERS, &layers, sizeof layers);
    put_count(b, FULL_AT, FULL, sizeof(int32_t));
    /* Borders that many zones share cannot be parted: a zone or two edges of each is as few as it gets. */
    int is_leaf = edges <= b->edges_per_leaf || edges <= 2 * zones || level >= DEEPEST;
    for (int64_t i = first; is_leaf && i < end; i++) {
        Ring ring = ((Ring *)b->rings.at)[i];
        if (ring.zone < 0) continue;
        int32_t zone = (int32_t)ring.zone;
        put(b, RING_ZONE, &zone, sizeof zone);
        put(b, XY, (double *)b->xy.at + 2 * ring.start, 2 * ring.n * (int64_t)sizeof(double));
        put(b, DRAWN, (uint8_t *)b->drawn.at + ring.start, ring.n);
        put_count(b, VERTEX_AT, DRAWN, 1);
    }
    put_count(b, RING_AT, RING_ZONE, sizeof(int32_t));
    if (is_leaf) return;
    double v = level & 1 ? 0.5 * (y0 + y1) : 0.5 * (x0 + x1);
    build_half(b, first, end, x0, y0, x1, y1, level, v, 1);
    if (b->failed) return;
    right = (int32_t)(b->part[RIGHT].used / (int64_t)sizeof(int32_t));
    ((int32_t *)b->part[RIGHT].at)[node] = right;
    build_half(b, first, end, x0, y0, x1, y1, level, v, 0);
}

/* A zone's rings, without their last vertices, shells counter-clockwise and holes clockwise. */
static void take_zone(Builder *b, const Shapes *zones, int64_t zone) {
    for (int64_t r = zones->shape_at[zone]; r < zones->shape_at[zone + 1] && !b->failed; r++) {
        const double *from = zones->xy + 2 * zones->ring_at[r];
        int64_t n = zones->ring_at[r + 1] - zones->ring_at[r] - 1, start = b->drawn.used;
        if (n < 3) continue;
        int is_turned = (area_of(from, n) > 0.0) != zones->is_shell[r];
        double *to = more(b, &b->xy, 2 * n * (int64_t)sizeof(double));
        uint8_t *drawn = more(b, &b->drawn, n);
        Ring *ring = more(b, &b->rings, sizeof(Ring));
        if (b->failed) return;
        for (int64_t i = 0; i < n; i++) memcpy(to + 2 * i, from + 2 * (is_turned ? n - 1 - i : i), 2 * sizeof(double));
        memset(drawn, 1, (size_t)n);
        *ring = (Ring){zone, start, n};
    }
}

/* The partition of zones, each of a layer below 64, within a box they do not touch; NULL without memory. */
Builder *partition_build(const Shapes *zones, const uint8_t *layer_of, const double *box, int64_t edges_per_leaf) {
    Builder *b = calloc(1, sizeof *b);
    if (!b) return NULL;
    int64_t zero = 0;
    b->layer_of = layer_of, b->edges_per_leaf = edges_per_leaf;
    for (int64_t zone = 0; zone < zones->shapes; zone++) take_zone(b, zones, zone);
    put(b, FULL_AT, &zero, sizeof zero), put(b, RING_AT, &zero, sizeof zero), put(b, VERTEX_AT, &zero, sizeof zero);
    build(b, 0, b->rings.used / (int64_t)sizeof(Ring), box[0], box[1], box[2], box[3], 0);
    return b;
}

/* Whether memory did not suffice. */
int partition_failed(const Builder *b) { return b->failed; }

/* One part of a built partition, and its size in bytes. */
const void *partition_part(const Builder *b, int part, int64_t *bytes) {
    *bytes = b->part[part].used;
    return b->part[part].at;
}

void partition_free(Builder *b) {
    for (int i = 0; i < PARTS; i++) free(b->part[i].at);
    free(b->rings.at), free(b->xy.at), free(b->drawn.at), free(b);
}

/* -- points --------------------------------------------------------------------------------------------------------- */

/* Whether a point lies inside rings taken together: does a ray to the east leave them an odd number of times?
   (M. Shimrat, "Algorithm 112", Communications of the ACM 5, 1962.) */
static int crossings(double x, double y, const double *xy, int64_t n) {
    int odd = 0;
    const double *a = xy + 2 * (n - 1);
    for (int64_t i = 0; i < n; i++) {
        const double *b = xy + 2 * i;
        if ((a[1] > y) != (b[1] > y) && x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0]) odd ^= 1;
        a = b;
    }
    return odd;
}

typedef struct {
    int64_t node, found; /* zones that fill it or a node above it */
    double x0, y0, x1, y1;
} Step;

/* The way down to the last point asked about: the next one, if near it, begins where the two ways part. */
typedef struct {
    const Partition *t;
    int32_t *zones;
    Step step[DEEPEST + 2];
    int depth; /* of the last step; -1 before the first point */
} Way;

static void enter(Way *w, int64_t node, double x0, double y0, double x1, double y1) {
    int64_t found = w->depth < 0 ? 0 : w->step[w->depth].found;
    for (int64_t i = w->t->full_at[node]; i < w->t->full_at[node + 1]; i++) w->zones[found++] = w->t->full[i];
    w->step[++w->depth] = (Step){node, found, x0, y0, x1, y1};
}

/* Whether a point belongs to a step: a node has its lower sides, and the upper ones at the end of the root. */
static int is_in(const Way *w, const Step *s, double x, double y) {
    return x >= s->x0 && y >= s->y0 && (x < s->x1 || s->x1 == w->t->box[2]) && (y < s->y1 || s->y1 == w->t->box[3]);
}

/* Zones in which a point lies, with their number; those on whose edge it lies may be there or not. */
static int64_t zones_at(Way *w, double x, double y) {
    const Partition *t = w->t;
    int32_t *zones = w->zones;
    const double *box = t->box;
    if (!(x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3])) return 0;
    while (w->depth >= 0 && !is_in(w, &w->step[w->depth], x, y)) w->depth--;
    if (w->depth < 0) enter(w, 0, box[0], box[1], box[2], box[3]);
    for (Step s; s = w->step[w->depth], t->right[s.node] >= 0;) {
        int axis = w->depth & 1;
        double v = axis ? 0.5 * (s.y0 + s.y1) : 0.5 * (s.x0 + s.x1);
        int low = axis ? y < v : x < v;
        if (axis) *(low ? &s.y1 : &s.y0) = v;
        else *(low ? &s.x1 : &s.x0) = v;
        enter(w, low ? s.node + 1 : t->right[s.node], s.x0, s.y0, s.x1, s.y1);
    }
    int64_t found = w->step[w->depth].found, node = w->step[w->depth].node;
    for (int64_t i = t->ring_at[node], j; i < t->ring_at[node + 1]; i = j) {
        int odd = 0;
        for (j = i; j < t->ring_at[node + 1] && t->ring_zone[j] == t->ring_zone[i]; j++)
            odd ^= crossings(x, y, t->xy + 2 * t->vertex_at[j], t->vertex_at[j + 1] - t->vertex_at[j]);
        if (odd) zones[found++] = t->ring_zone[i];
    }
    return found;
}

/* Pairs of point and zone, as many as there is room for; returns how many there are, or -1 without memory. */
int64_t partition_points(const Partition *t, const double *xy, const int64_t *order, int64_t n, int32_t *point,
                         int32_t *zone, int64_t room) {
    int64_t found = 0;
    int32_t *zones = malloc((size_t)(t->zones + 1) * sizeof *zones);
    if (!zones) return -1;
    Way way = {.t = t, .zones = zones, .depth = -1};
    for (int64_t i = 0; i < n; i++) {
        int64_t p = order ? order[i] : i, own = zones_at(&way, xy[2 * p], xy[2 * p + 1]);
        for (int64_t k = 0; k < own; k++, found++)
            if (found < room) point[found] = (int32_t)p, zone[found] = zones[k];
    }
    free(zones);
    return found;
}

/* -- nearness ------------------------------------------------------------------------------------------------------- */

typedef struct {
    const Partition *t;
    double *segments; /* of the site: ax ay bx by */
    int64_t count;
    double box[4];
    double reach[64]; /* per layer, metres; negative for one not asked about */
    uint64_t asked;   /* layers whose reach is not negative */
    int shrinks;      /* whether only the nearest zones are wanted: the reach then follows the nearest found */
    double tie;       /* how much farther than the nearest a zone may be to be told as well */
    int64_t *near;    /* segments that matter to a node, for all nodes on the way down: a stack */
    int64_t near_room;
    uint8_t *known;   /* per zone: whether the two below are set; only this needs clearing */
    double *best;     /* per zone: squared distance so far */
    int32_t *parts;   /* per zone: parts of the site whose first vertex lies in it */
    int32_t *touched; /* zones known */
    int64_t touches;
    int failed;
} Asked;

static double gap_squared(double ax0, double ay0, double ax1, double ay1, double bx0, double by0, double bx1,
                          double by1) {
    double dx = most(0.0, most(bx0 - ax1, ax0 - bx1)), dy = most(0.0, most(by0 - ay1, ay0 - by1));
    return dx * dx + dy * dy;
}

static double to_segment_squared(double px, double py, const double *a, const double *b) {
    double dx = b[0] - a[0], dy = b[1] - a[1], length = dx * dx + dy * dy;
    double t = length > 0.0 ? ((px - a[0]) * dx + (py - a[1]) * dy) / length : 0.0;
    t = most(0.0, least(1.0, t));
    double ex = a[0] + t * dx - px, ey = a[1] + t * dy - py;
    return ex * ex + ey * ey;
}

static double side(const double *a, const double *b, const double *p) {
    return (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]);
}

/* Squared distance of two segments: zero where they cross, else that of one's end to the other. */
static double between_squared(const double *a, const double *b, const double *c, const double *d) {
    double c_side = side(a, b, c), d_side = side(a, b, d), a_side = side(c, d, a), b_side = side(c, d, b);
    if (((c_side < 0.0 && d_side > 0.0) || (c_side > 0.0 && d_side < 0.0)) &&
        ((a_side < 0.0 && b_side > 0.0) || (a_side > 0.0 && b_side < 0.0)))
        return 0.0;
    return least(least(to_segment_squared(a[0], a[1], c, d), to_segment_squared(b[0], b[1], c, d)),
                 least(to_segment_squared(c[0], c[1], a, b), to_segment_squared(d[0], d[1], a, b)));
}

/* Whether a point lies inside the rings of a site, of which all segments and the box are given. */
static int in_rings(const double *segments, int64_t count, const double *box, const double *p) {
    int odd = 0;
    if (p[0] < box[0] || p[0] > box[2] || p[1] < box[1] || p[1] > box[3]) return 0;
    for (int64_t i = 0; i < count; i++) {
        const double *a = segments + 4 * i, *b = a + 2;
        if ((a[1] > p[1]) != (b[1] > p[1]) && p[0] < (b[0] - a[0]) * (p[1] - a[1]) / (b[1] - a[1]) + a[0]) odd ^= 1;
    }
    return odd;
}

static void touch(Asked *s, int64_t zone) {
    if (s->known[zone]) return;
    s->known[zone] = 1, s->best[zone] = DBL_MAX, s->parts[zone] = 0;
    s->touched[s->touches++] = (int32_t)zone;
}

/* The distance of the site to the drawn edges of one cut ring, if it is within reach. */
static void measure_ring(Asked *s, int64_t ring, const int64_t *near, int64_t count) {
    const Partition *t = s->t;
    int64_t zone = t->ring_zone[ring], first = t->vertex_at[ring], n = t->vertex_at[ring + 1] - first;
    double *reach = &s->reach[t->layer_of[zone]], bound = *reach * *reach;
    if (s->known[zone]) bound = least(bound, s->best[zone]);
    const double *a = t->xy + 2 * (first + n - 1);
    int follows = 0; /* whether the edge before was drawn, so that this one lies where that one does */
    for (int64_t i = 0; i < n && (bound > 0.0 || !s->known[zone]); i++) {
        const double *b = t->xy + 2 * (first + i);
        double x0 = least(a[0], b[0]), y0 = least(a[1], b[1]), x1 = most(a[0], b[0]), y1 = most(a[1], b[1]);
        int is_drawn = t->drawn[first + i];
        if (is_drawn && gap_squared(x0, y0, x1, y1, s->box[0], s->box[1], s->box[2], s->box[3]) <= bound) {
            double found = !follows && in_rings(s->segments, s->count, s->box, a) ? 0.0 : DBL_MAX;
            for (int64_t k = 0; k < count && found > 0.0; k++) {
                const double *c = s->segments + 4 * near[k], *d = c + 2;
                if (gap_squared(x0, y0, x1, y1, least(c[0], d[0]), least(c[1], d[1]), most(c[0], d[0]),
                                most(c[1], d[1])) <= least(bound, found))
                    found = least(found, between_squared(a, b, c, d));
            }
            if (found <= bound) {
                touch(s, zone);
                s->best[zone] = bound = found;
                if (s->shrinks) *reach = least(*reach, sqrt(found) + s->tie);
            }
            follows = 1;
        } else
            follows = 0;
        a = b;
    }
}

/* The farthest any of some layers is to be sought; negative if none is. */
static double farthest_of(const Asked *s, uint64_t layers) {
    double farthest = -1.0;
    for (; layers; layers &= layers - 1) farthest = most(farthest, s->reach[__builtin_ctzll(layers)]);
    return farthest;
}

static void near_node(Asked *s, int64_t node, double x0, double y0, double x1, double y1, int axis, int64_t first,
                      int64_t count) {
    const Partition *t = s->t;
    double gap = gap_squared(x0, y0, x1, y1, s->box[0], s->box[1], s->box[2], s->box[3]);
    double farthest = farthest_of(s, t->layers[node] & s->asked);
    if (farthest < 0.0 || gap > farthest * farthest || s->failed) return;
    int is_all_near = x0 - s->box[0] <= farthest && s->box[2] - x1 <= farthest && y0 - s->box[1] <= farthest &&
                      s->box[3] - y1 <= farthest; /* then about all of the site is within reach of the node */
    if (count > 8 && !is_all_near) { /* fewer segments matter below */
        if (first + 2 * count > s->near_room) {
            int64_t room = 2 * (first + 2 * count), *at = realloc(s->near, (size_t)room * sizeof *at);
            if (!at) {
                s->failed = 1;
                return;
            }
            s->near = at, s->near_room = room;
        }
        int64_t *all = s->near + first, *kept = all + count, n = 0;
        for (int64_t k = 0; k < count; k++) {
            const double *c = s->segments + 4 * all[k], *d = c + 2;
            if (gap_squared(x0, y0, x1, y1, least(c[0], d[0]), least(c[1], d[1]), most(c[0], d[0]), most(c[1], d[1])) <=
                farthest * farthest)
                kept[n++] = all[k];
        }
        if (n < count) first += count, count = n;
    }
    if (t->right[node] < 0) {
        for (int64_t i = t->ring_at[node]; i < t->ring_at[node + 1]; i++)
            if (s->reach[t->layer_of[t->ring_zone[i]]] >= 0.0) measure_ring(s, i, s->near + first, count);
        return;
    }
    double v = axis ? 0.5 * (y0 + y1) : 0.5 * (x0 + x1);
    int low_first = axis ? s->box[1] + s->box[3] < 2 * v : s->box[0] + s->box[2] < 2 * v;
    for (int turn = 0; turn < 2; turn++) {
        int low = turn == 0 ? low_first : !low_first;
        int64_t half = low ? node + 1 : t->right[node];
        if (axis == 0)
            near_node(s, half, low ? x0 : v, y0, low ? v : x1, y1, 1, first, count);
        else
            near_node(s, half, x0, low ? y0 : v, x1, low ? v : y1, 0, first, count);
    }
}

/* The most vertices of any site; one if there are none. */
static int64_t longest_of(const Shapes *sites) {
    int64_t longest = 1;
    for (int64_t p = 0; p < sites->shapes; p++) {
        int64_t own = sites->ring_at[sites->shape_at[p + 1]] - sites->ring_at[sites->shape_at[p]];
        if (own > longest) longest = own;
    }
    return longest;
}

/* The segments of a site, with their number, and its box. A point is a segment without length. */
static int64_t segments_of(const Shapes *sites, int64_t site, double *segments, double *box) {
    int64_t count = 0;
    box[0] = box[1] = DBL_MAX, box[2] = box[3] = -DBL_MAX;
    for (int64_t r = sites->shape_at[site]; r < sites->shape_at[site + 1]; r++) {
        int64_t first = sites->ring_at[r], stop = sites->ring_at[r + 1] - 1;
        const double *a = sites->xy + 2 * first;
        for (int64_t i = first + 1; i <= stop; i++) {
            const double *b = sites->xy + 2 * i;
            double *segment = segments + 4 * count++;
            segment[0] = a[0], segment[1] = a[1], segment[2] = b[0], segment[3] = b[1];
            box[0] = least(box[0], b[0]), box[1] = least(box[1], b[1]);
            box[2] = most(box[2], b[0]), box[3] = most(box[3], b[1]);
            a = b;
        }
    }
    return count;
}

/* A site: its segments, and the zones in which its parts begin. */
static void take_site(Asked *s, const Shapes *sites, int64_t site, Way *way) {
    s->touches = 0, s->count = segments_of(sites, site, s->segments, s->box);
    for (int64_t k = 0; k < s->count; k++) s->near[k] = k;
    for (int64_t r = sites->shape_at[site]; r < sites->shape_at[site + 1]; r++) {
        if (!sites->is_shell[r]) continue;
        int64_t first = sites->ring_at[r], own = zones_at(way, sites->xy[2 * first], sites->xy[2 * first + 1]);
        for (int64_t k = 0; k < own; k++) {
            int32_t zone = way->zones[k];
            touch(s, zone), s->parts[zone]++;
            double *reach = &s->reach[s->t->layer_of[zone]];
            if (s->shrinks && *reach >= 0.0) s->best[zone] = 0.0, *reach = least(*reach, s->tie);
        }
    }
}

/* How zones lie to sites: for every pair the parts of the site that begin in the zone, and the distance of the site to
   the zone's edge (0 where an edge meets it, infinite where none is within reach of the zone's layer).

   With `tie` >= 0 only the nearest zones of each layer are told, and those no more than `tie` farther; the distance is
   then that of the zone, and 0 where the site begins in it.
   Returns how many pairs there are, of which as many are written as there is room for; -1 without memory. */
int64_t partition_near(const Partition *t, const Shapes *sites, const double *reach, double tie,
                       int32_t *site, int32_t *zone, int32_t *parts, double *distance, int64_t room) {
    Asked s = {.t = t, .shrinks = tie >= 0.0, .tie = tie};
    int64_t longest = longest_of(sites), found = 0;
    s.near_room = 4 * longest;
    s.segments = malloc((size_t)(4 * longest) * sizeof(double));
    s.near = malloc((size_t)s.near_room * sizeof(int64_t));
    s.best = malloc((size_t)(t->zones + 1) * sizeof(double));
    s.parts = malloc((size_t)(t->zones + 1) * sizeof(int32_t));
    s.known = calloc((size_t)(t->zones + 1), 1);
    s.touched = malloc((size_t)(t->zones + 1) * sizeof(int32_t));
    int32_t *zones = malloc((size_t)(t->zones + 1) * sizeof(int32_t));
    s.failed = !s.segments || !s.near || !s.best || !s.parts || !s.known || !s.touched || !zones;
    Way way = {.t = t, .zones = zones, .depth = -1};
    for (int64_t i = 0; i < sites->shapes && !s.failed; i++) {
        int64_t p = sites->order ? sites->order[i] : i;
        memcpy(s.reach, reach, sizeof s.reach), s.asked = 0;
        for (int k = 0; k < 64; k++) s.asked |= (uint64_t)(reach[k] >= 0.0) << k;
        take_site(&s, sites, p, &way);
        near_node(&s, 0, t->box[0], t->box[1], t->box[2], t->box[3], 0, 0, s.count);
        for (int64_t k = 0; k < s.touches; k++) {
            int32_t z = s.touched[k];
            double d = s.best[z] == DBL_MAX ? INFINITY : sqrt(s.best[z]);
            int is_told = !s.shrinks || d <= s.reach[t->layer_of[z]];
            if (is_told && found < room)
                site[found] = (int32_t)p, zone[found] = z, parts[found] = s.parts[z], distance[found] = d;
            found += is_told;
            s.known[z] = 0;
        }
    }
    free(s.segments), free(s.near), free(s.best), free(s.parts), free(s.known), free(s.touched), free(zones);
    return s.failed ? -1 : found;
}

/* -- depth ---------------------------------------------------------------------------------------------------------- */

enum { UNSURE, DEEP, SHALLOW }; /* as in `layers/partition.py` */

#define MOST_CELLS 16384 /* looked at for one pair before it stays unsure */
#define FINEST 0.004     /* of the depth asked about: half the side of the smallest cell */

typedef struct {
    double x, y, half;
} Cell;

/* A site, and the drawn edges near it of one zone. */
typedef struct {
    const Partition *t;
    int64_t zone;
    const double *segments; /* of the site: ax ay bx by */
    int64_t count;
    double box[4];
    double margin;
    double *edges; /* ax ay bx by */
    int64_t edge_count, room;
    Cell *cells;
    int failed;
} Pair;

static void keep_edge(Pair *p, const double *a, const double *b) {
    const double *box = p->box;
    if (gap_squared(least(a[0], b[0]), least(a[1], b[1]), most(a[0], b[0]), most(a[1], b[1]), box[0], box[1], box[2],
                    box[3]) > p->margin * p->margin)
        return;
    if (p->edge_count == p->room) {
        int64_t room = 2 * p->room + 256;
        double *at = realloc(p->edges, (size_t)(4 * room) * sizeof *at);
        if (!at) {
            p->failed = 1;
            return;
        }
        p->edges = at, p->room = room;
    }
    double *edge = p->edges + 4 * p->edge_count++;
    edge[0] = a[0], edge[1] = a[1], edge[2] = b[0], edge[3] = b[1];
}

static void gather_edges(Pair *p, int64_t node, double x0, double y0, double x1, double y1, int axis) {
    const Partition *t = p->t;
    if (!(t->layers[node] >> t->layer_of[p->zone] & 1) || p->failed) return;
    if (gap_squared(x0, y0, x1, y1, p->box[0], p->box[1], p->box[2], p->box[3]) > p->margin * p->margin) return;
    if (t->right[node] >= 0) {
        double v = axis ? 0.5 * (y0 + y1) : 0.5 * (x0 + x1);
        gather_edges(p, node + 1, x0, y0, axis ? x1 : v, axis ? v : y1, !axis);
        gather_edges(p, t->right[node], axis ? x0 : v, axis ? v : y0, x1, y1, !axis);
        return;
    }
    for (int64_t r = t->ring_at[node]; r < t->ring_at[node + 1]; r++) {
        if (t->ring_zone[r] != p->zone) continue;
        int64_t first = t->vertex_at[r], n = t->vertex_at[r + 1] - first;
        const double *a = t->xy + 2 * (first + n - 1), *b;
        for (int64_t i = 0; i < n && !p->failed; i++, a = b) {
            b = t->xy + 2 * (first + i);
            if (t->drawn[first + i]) keep_edge(p, a, b);
        }
    }
}

static double to_edges(const double *edges, int64_t count, double x, double y) {
    double nearest = DBL_MAX;
    for (int64_t i = 0; i < count; i++)
        nearest = least(nearest, to_segment_squared(x, y, edges + 4 * i, edges + 4 * i + 2));
    return sqrt(nearest);
}

static double length_of(const double *edges, int64_t count) {
    double length = 0.0;
    for (int64_t i = 0; i < count; i++) length += hypot(edges[4 * i + 2] - edges[4 * i], edges[4 * i + 3] - edges[4 * i + 1]);
    return length;
}

static int is_in_zone(Way *way, int64_t zone, double x, double y) {
    for (int64_t k = zones_at(way, x, y) - 1; k >= 0; k--)
        if (way->zones[k] == zone) return 1;
    return 0;
}

/* Whether the part that a site and a zone have in common reaches certainly as deep below the zone's edge as `deep`, or
   certainly nowhere deeper than `shallow`.

   Branch and bound over square cells: a distance changes by no more than one steps aside (as in V. Agafonkin's polylabel,
   2016). That there is a common part, and that it is deep, is proven by a disc within both; the disc is larger than a strip
   of width `thread` along all edges and a line at the depth beside them, so that no part that holds it is such a strip. */
static int depth_of(Pair *p, Way *way, double deep, double shallow, double clearance, double thread) {
    double around = length_of(p->segments, p->count) + length_of(p->edges, p->edge_count) + 8.0 * deep;
    double disc = sqrt(thread * around / 3.0);
    const double *box = p->box;
    int64_t end = 1;
    int has_disc = 0;
    p->cells[0] = (Cell){0.5 * (box[0] + box[2]), 0.5 * (box[1] + box[3]),
                         0.5 * most(box[2] - box[0], box[3] - box[1])};
    for (int64_t seen = 0; seen < end; seen++) {
        Cell c = p->cells[seen];
        double radius = 1.4143 * c.half, at[2] = {c.x, c.y};
        double to_site = to_edges(p->segments, p->count, c.x, c.y);
        int is_in_site = in_rings(p->segments, p->count, box, at);
        if (!is_in_site && to_site > radius) continue;
        double to_zone = to_edges(p->edges, p->edge_count, c.x, c.y);
        int is_inside = is_in_zone(way, p->zone, c.x, c.y);
        if (!is_inside && to_zone > radius) continue;
        if (is_in_site && is_inside) {
            if (to_zone >= deep && to_site >= most(clearance, disc)) return DEEP;
            has_disc |= least(to_zone, to_site) > disc;
        }
        int is_low = (is_inside ? radius + to_zone : radius - to_zone) <= shallow;
        if (is_low && (has_disc || radius <= disc)) continue;
        if (c.half <= FINEST * deep || end + 4 > MOST_CELLS) return UNSURE;
        double half = 0.5 * c.half;
        for (int k = 0; k < 4; k++)
            p->cells[end++] = (Cell){c.x + (k & 1 ? half : -half), c.y + (k & 2 ? half : -half), half};
    }
    return has_disc ? SHALLOW : UNSURE;
}

/* How deep below the edge of a zone a site reaches, for pairs of both; see `depth_of`. All of `deep`, `shallow` and
   `clearance` are per pair. Returns -1 without memory, else 0. */
int partition_depths(const Partition *t, const Shapes *sites, int64_t pairs, const int64_t *site, const int64_t *zone,
                     const double *deep, const double *shallow, const double *clearance, double thread,
                     uint8_t *found) {
    int64_t longest = longest_of(sites);
    double *segments = malloc((size_t)(4 * longest) * sizeof(double));
    int32_t *zones = malloc((size_t)(t->zones + 1) * sizeof(int32_t));
    Pair p = {.t = t, .segments = segments, .cells = malloc(MOST_CELLS * sizeof(Cell))};
    Way way = {.t = t, .zones = zones, .depth = -1};
    p.failed = !segments || !zones || !p.cells;
    for (int64_t i = 0; i < pairs && !p.failed; i++) {
        p.count = segments_of(sites, site[i], segments, p.box);
        p.zone = zone[i], p.margin = deep[i] + 1.0, p.edge_count = 0;
        gather_edges(&p, 0, t->box[0], t->box[1], t->box[2], t->box[3], 0);
        if (!p.failed) found[i] = (uint8_t)depth_of(&p, &way, deep[i], shallow[i], clearance[i], thread);
    }
    free(segments), free(zones), free(p.cells), free(p.edges);
    return p.failed ? -1 : 0;
}

/* -- areas ---------------------------------------------------------------------------------------------------------- */

typedef struct {
    const Partition *t;
    double *ring; /* cut to a node, for all nodes on the way down: a stack */
    int64_t room;
    double sign;   /* of the ring: whether it runs the way it should */
    double *area;  /* per zone */
    uint8_t *seen; /* per zone */
    int32_t *touched;
    int64_t touches;
    int failed;
} Measured;

/* Signed integral of min(y of ab, y of cd) - h over the x both have; neither is vertical.

   A ring's inside at x is the signed sum of "below edge e" over its edges, +1 where they run west and -1 where they run
   east. The product of two insides, integrated over y and x, is the area two rings share, and

       area(A and B) = sum over edges a of A, b of B of  sign(a) sign(b) integral of (min(y_a(x), y_b(x)) - h) dx

   for any h, since the signs above every x add up to zero. No intersection is computed but where a and b cross. */
static double below_both(const double *a, const double *b, const double *c, const double *d, double h) {
    double x0 = most(least(a[0], b[0]), least(c[0], d[0])), x1 = least(most(a[0], b[0]), most(c[0], d[0]));
    if (x0 >= x1) return 0.0;
    double ab = (b[1] - a[1]) / (b[0] - a[0]), cd = (d[1] - c[1]) / (d[0] - c[0]), width = x1 - x0;
    double p0 = a[1] - h + ab * (x0 - a[0]), p1 = a[1] - h + ab * (x1 - a[0]);
    double q0 = c[1] - h + cd * (x0 - c[0]), q1 = c[1] - h + cd * (x1 - c[0]);
    double d0 = p0 - q0, d1 = p1 - q1, twice;
    if (d0 <= 0.0 && d1 <= 0.0)
        twice = (p0 + p1) * width;
    else if (d0 >= 0.0 && d1 >= 0.0)
        twice = (q0 + q1) * width;
    else {
        double at = d0 / (d0 - d1), middle = p0 + (p1 - p0) * at;
        double start = d0 < 0.0 ? p0 : q0, end = d0 < 0.0 ? q1 : p1;
        twice = ((start + middle) * at + (middle + end) * (1.0 - at)) * width;
    }
    return (a[0] < b[0]) == (c[0] < d[0]) ? 0.5 * twice : -0.5 * twice;
}

/* Signed area two rings share; `box` is that of the first, `own` its area. */
static double shared_area(const double *s, int64_t m, const double *box, double own, const double *v, int64_t n) {
    double x = 0.5 * (box[0] + box[2]), y = 0.5 * (box[1] + box[3]), total = 0.0;
    int64_t winding = 0, close = 0;
    const double *c = v + 2 * (n - 1), *d;
    for (int64_t i = 0; i < n; i++, c = d) { /* where no edge meets the box, one side of the ring holds all of it */
        d = v + 2 * i;
        if ((c[0] <= x && x < d[0]) || (d[0] <= x && x < c[0]))
            if (c[1] + (d[1] - c[1]) * ((x - c[0]) / (d[0] - c[0])) > y) winding += d[0] < c[0] ? 1 : -1;
        close += !((c[0] <= box[0] && d[0] <= box[0]) || (c[0] >= box[2] && d[0] >= box[2]) ||
                   (c[1] <= box[1] && d[1] <= box[1]) || (c[1] >= box[3] && d[1] >= box[3]));
    }
    if (!close) return own * (double)winding;
    c = v + 2 * (n - 1);
    for (int64_t i = 0; i < n; i++, c = d) {
        d = v + 2 * i;
        if (c[0] == d[0] || (c[0] <= box[0] && d[0] <= box[0]) || (c[0] >= box[2] && d[0] >= box[2]) ||
            (c[1] <= box[1] && d[1] <= box[1]))
            continue; /* below all of the first ring, an edge adds nothing: its terms cancel */
        const double *a = s + 2 * (m - 1), *b;
        for (int64_t k = 0; k < m; k++, a = b) {
            b = s + 2 * k;
            if (a[0] != b[0]) total += below_both(a, b, c, d, box[1]);
        }
    }
    return total;
}

static void add_area(Measured *s, int64_t zone, double area) {
    if (!s->seen[zone]) s->seen[zone] = 1, s->area[zone] = 0.0, s->touched[s->touches++] = (int32_t)zone;
    s->area[zone] += s->sign * area;
}

static void area_node(Measured *s, int64_t node, double x0, double y0, double x1, double y1, int axis, int64_t first,
                      int64_t m) {
    const Partition *t = s->t;
    const double *ring = s->ring + 2 * first;
    double own = area_of(ring, m), box[4] = {DBL_MAX, DBL_MAX, -DBL_MAX, -DBL_MAX};
    for (int64_t i = 0; i < m; i++) {
        box[0] = least(box[0], ring[2 * i]), box[1] = least(box[1], ring[2 * i + 1]);
        box[2] = most(box[2], ring[2 * i]), box[3] = most(box[3], ring[2 * i + 1]);
    }
    for (;; axis ^= 1) {
        for (int64_t i = t->full_at[node]; i < t->full_at[node + 1]; i++) add_area(s, t->full[i], own);
        if (t->right[node] < 0) break;
        double v = axis ? 0.5 * (y0 + y1) : 0.5 * (x0 + x1);
        int low = box[2 + axis] <= v;
        if (!low && box[axis] < v) { /* on both sides */
            if (first + 5 * m > s->room) {
                int64_t room = 2 * (first + 5 * m);
                double *at = realloc(s->ring, (size_t)(2 * room) * sizeof *at);
                if (!at) {
                    s->failed = 1;
                    return;
                }
                s->ring = at, s->room = room;
            }
            for (low = 1; low >= 0 && !s->failed; low--) {
                int64_t n = cut(s->ring + 2 * first, NULL, m, s->ring + 2 * (first + m), NULL, axis, v, low);
                int64_t half = low ? node + 1 : t->right[node];
                if (n < 3) continue;
                if (axis == 0)
                    area_node(s, half, low ? x0 : v, y0, low ? v : x1, y1, 1, first + m, n);
                else
                    area_node(s, half, x0, low ? y0 : v, x1, low ? v : y1, 0, first + m, n);
            }
            return;
        }
        node = low ? node + 1 : t->right[node];
        if (axis) *(low ? &y1 : &y0) = v;
        else *(low ? &x1 : &x0) = v;
    }
    for (int64_t i = t->ring_at[node]; i < t->ring_at[node + 1]; i++) {
        double area = shared_area(ring, m, box, own, t->xy + 2 * t->vertex_at[i], t->vertex_at[i + 1] - t->vertex_at[i]);
        if (area != 0.0) add_area(s, t->ring_zone[i], area);
    }
}

/* Pairs of site and zone that share more than `floor` square metres, with the area; see `partition_near`. */
int64_t partition_areas(const Partition *t, const Shapes *sites, double floor, int32_t *site, int32_t *zone,
                        double *area, int64_t room) {
    Measured s = {.t = t, .room = 4096};
    int64_t found = 0;
    s.ring = malloc((size_t)(2 * s.room) * sizeof(double));
    s.area = malloc((size_t)(t->zones + 1) * sizeof(double));
    s.seen = calloc((size_t)(t->zones + 1), 1);
    s.touched = malloc((size_t)(t->zones + 1) * sizeof(int32_t));
    s.failed = !s.ring || !s.area || !s.seen || !s.touched;
    for (int64_t i = 0; i < sites->shapes && !s.failed; i++) {
        int64_t p = sites->order ? sites->order[i] : i;
        s.touches = 0;
        for (int64_t r = sites->shape_at[p]; r < sites->shape_at[p + 1] && !s.failed; r++) {
            int64_t first = sites->ring_at[r], m = sites->ring_at[r + 1] - first - 1;
            if (m < 3) continue;
            if (m > s.room) {
                double *at = realloc(s.ring, (size_t)(8 * m) * sizeof *at);
                if (!at) {
                    s.failed = 1;
                    break;
                }
                s.ring = at, s.room = 4 * m;
            }
            memcpy(s.ring, sites->xy + 2 * first, (size_t)(2 * m) * sizeof(double));
            s.sign = (area_of(s.ring, m) > 0.0) == sites->is_shell[r] ? 1.0 : -1.0;
            area_node(&s, 0, t->box[0], t->box[1], t->box[2], t->box[3], 0, 0, m);
        }
        for (int64_t k = 0; k < s.touches; k++) {
            int32_t z = s.touched[k];
            int is_told = s.area[z] > floor;
            if (is_told && found < room) site[found] = (int32_t)p, zone[found] = z, area[found] = s.area[z];
            found += is_told;
            s.seen[z] = 0;
        }
    }
    free(s.ring), free(s.area), free(s.seen), free(s.touched);
    return s.failed ? -1 : found;
}
