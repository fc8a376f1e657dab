//! Places boxes in layers: a table is in a later layer than its parents, edges cross as rarely as a few sweeps can achieve, and no
//! boxes overlap. Knows no table and no format.
//!
//! Tried before: `rust-sugiyama` 0.4.0 does not end for some graphs of 50 boxes; `dagre` 0.1.2 needs more than half a minute for
//! 1,000 boxes. Neither can be interrupted.

use std::collections::VecDeque;

use pgmeta_core::interrupt::check;

/// The space between boxes of a layer.
const GAP: f64 = 28.0;
/// The least space between layers; edges pass there.
const LAYER_GAP: f64 = 70.0;
/// The space that each edge adds between two layers, up to a limit.
const EDGE_GAP: f64 = 3.0;
const MAX_EDGE_GAP: f64 = 180.0;
/// The space that an edge needs where it passes a layer.
const EDGE_HEIGHT: f64 = 6.0;
/// The number of sweeps that order the boxes of layers, and that align them.
const SWEEPS: usize = 8;

/// A point, in pixels.
pub type Point = (f64, f64);

/// An edge between two boxes. Its ends are at distances from the top of the boxes.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    /// The box in the earlier layer, if no cycle prevents that.
    pub from: usize,
    /// Where it starts.
    pub from_offset: f64,
    /// The box in the later layer.
    pub to: usize,
    /// Where it ends.
    pub to_offset: f64,
}

/// Where boxes and edges are. Layers follow each other from left to right.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// The upper left corner of each box.
    pub boxes: Vec<Point>,
    /// The points of each edge, from its box `from` to its box `to`. An edge of a box to itself has none.
    pub paths: Vec<Vec<Point>>,
    /// The width of the picture.
    pub width: f64,
    /// The height of the picture.
    pub height: f64,
}

/// Places boxes of these sizes.
pub fn layout(sizes: &[Point], links: &[Link]) -> Layout {
    let mut out =
        Layout { boxes: vec![(0.0, 0.0); sizes.len()], paths: vec![Vec::new(); links.len()], width: 0.0, height: 0.0 };
    let components = components(sizes.len(), links);
    let mut parts: Vec<Part> = components.into_iter().map(|(boxes, own)| Part::of(sizes, links, boxes, &own)).collect();
    parts.sort_by(|one, other| other.height.total_cmp(&one.height));
    let area: f64 = parts.iter().map(|part| (part.width + LAYER_GAP) * (part.height + GAP)).sum();
    let widest = parts.iter().map(|part| part.width).fold(0.0, f64::max);
    let row_width = widest.max((area * 1.4).sqrt());
    let (mut x, mut y, mut row_height) = (0.0, 0.0, 0.0_f64);
    for part in parts {
        if x > 0.0 && x + part.width > row_width {
            (x, y, row_height) = (0.0, y + row_height + 2.0 * GAP, 0.0);
        }
        for (at, (left, top)) in part.boxes {
            out.boxes[at] = (x + left, y + top);
        }
        for (at, path) in part.paths {
            out.paths[at] = path.into_iter().map(|(left, top)| (x + left, y + top)).collect();
        }
        row_height = row_height.max(part.height);
        out.width = out.width.max(x + part.width);
        out.height = out.height.max(y + part.height);
        x += part.width + LAYER_GAP;
    }
    out
}

/// Returns the boxes and links of each connected part, in the order of their first boxes.
fn components(boxes: usize, links: &[Link]) -> Vec<(Vec<usize>, Vec<usize>)> {
    let mut neighbours = vec![Vec::new(); boxes];
    for (at, link) in links.iter().enumerate() {
        neighbours[link.from].push((link.to, at));
        neighbours[link.to].push((link.from, at));
    }
    let mut seen = vec![false; boxes];
    let mut found = Vec::new();
    for first in 0..boxes {
        if seen[first] {
            continue;
        }
        seen[first] = true;
        let (mut members, mut own, mut waiting) = (Vec::new(), Vec::new(), VecDeque::from([first]));
        while let Some(at) = waiting.pop_front() {
            check();
            members.push(at);
            for (other, link) in &neighbours[at] {
                own.push(*link);
                if !std::mem::replace(&mut seen[*other], true) {
                    waiting.push_back(*other);
                }
            }
        }
        members.sort_unstable();
        own.sort_unstable();
        own.dedup();
        found.push((members, own));
    }
    found
}

/// What stands in a layer: a box, or the place where an edge passes.
#[derive(Clone, Debug, Default)]
struct Node {
    size: Point,
    /// The position of the upper edge.
    y: f64,
    before: Vec<usize>,
    after: Vec<usize>,
}

/// A connected part, laid out by itself.
struct Part {
    boxes: Vec<(usize, Point)>,
    paths: Vec<(usize, Vec<Point>)>,
    width: f64,
    height: f64,
}

impl Part {
    fn of(sizes: &[Point], links: &[Link], members: Vec<usize>, own: &[usize]) -> Self {
        let mut local = std::collections::BTreeMap::new();
        for (at, member) in members.iter().enumerate() {
            local.insert(*member, at);
        }
        let mut nodes: Vec<Node> =
            members.iter().map(|member| Node { size: sizes[*member], ..Node::default() }).collect();
        let edges: Vec<(usize, usize, usize)> = own
            .iter()
            .filter(|at| links[**at].from != links[**at].to)
            .filter_map(|at| Some((*at, *local.get(&links[*at].from)?, *local.get(&links[*at].to)?)))
            .collect();
        let layer_of = layers_of(&nodes, edges.iter().map(|(_, from, to)| (*from, *to)));
        let mut layers: Vec<Vec<usize>> = vec![Vec::new(); layer_of.iter().max().map_or(1, |last| last + 1)];
        for (node, layer) in layer_of.iter().enumerate() {
            layers[*layer].push(node);
        }
        // Each edge is a chain of nodes, one for each layer that it passes.
        let mut chains = Vec::new();
        for (link, from, to) in &edges {
            check();
            let (first, last) = if layer_of[*from] <= layer_of[*to] { (*from, *to) } else { (*to, *from) };
            let mut chain = vec![first];
            for layer in &mut layers[layer_of[first] + 1..layer_of[last].max(layer_of[first] + 1)] {
                let node = nodes.len();
                nodes.push(Node { size: (0.0, EDGE_HEIGHT), ..Node::default() });
                layer.push(node);
                chain.push(node);
            }
            chain.push(last);
            for pair in chain.windows(2) {
                nodes[pair[0]].after.push(pair[1]);
                nodes[pair[1]].before.push(pair[0]);
            }
            chains.push((*link, first == *from, chain));
        }
        order(&mut layers, &nodes);
        align(&layers, &mut nodes);
        let (lefts, width) = columns(&layers, &nodes);
        let mut x = vec![0.0; nodes.len()];
        for (layer, (left, layer_width)) in layers.iter().zip(&lefts) {
            for node in layer {
                x[*node] = left + (layer_width - nodes[*node].size.0) / 2.0;
            }
        }
        let height = nodes.iter().map(|node| node.y + node.size.1).fold(0.0, f64::max);
        let boxes = members.iter().enumerate().map(|(at, member)| (*member, (x[at], nodes[at].y))).collect();
        let paths = chains.into_iter().map(|(at, forward, chain)| {
            let link = &links[at];
            let (first, last) =
                if forward { (link.from_offset, link.to_offset) } else { (link.to_offset, link.from_offset) };
            let end = chain.len() - 1;
            let mut points: Vec<Point> = Vec::new();
            for (step, node) in chain.iter().enumerate() {
                let own = &nodes[*node];
                match step {
                    0 => points.push((x[*node] + own.size.0, own.y + first)),
                    _ if step == end => points.push((x[*node], own.y + last)),
                    _ => points.push((x[*node], own.y + EDGE_HEIGHT / 2.0)),
                }
            }
            if !forward {
                points.reverse();
            }
            (at, points)
        });
        let paths = paths.collect();
        Self { boxes, paths, width, height }
    }
}

/// Returns the layer of each node: later than those of its parents, unless a cycle prevents that, and not much higher than the
/// whole is wide.
fn layers_of(nodes: &[Node], edges: impl Iterator<Item = (usize, usize)>) -> Vec<usize> {
    let mut children = vec![Vec::new(); nodes.len()];
    for (from, to) in edges {
        children[from].push(to);
    }
    let topological = topological(&children);
    let place: Vec<usize> = {
        let mut place = vec![0; nodes.len()];
        topological.iter().enumerate().for_each(|(at, node)| place[*node] = at);
        place
    };
    let area: f64 = nodes.iter().map(|node| (node.size.0 + LAYER_GAP) * (node.size.1 + GAP)).sum();
    let tallest = nodes.iter().map(|node| node.size.1).fold(0.0, f64::max);
    let limit = tallest.max((area * 1.2).sqrt());
    let mut layer_of = vec![0; nodes.len()];
    let mut heights: Vec<f64> = Vec::new();
    for node in topological {
        check();
        let mut layer = layer_of[node];
        let height = nodes[node].size.1 + GAP;
        while heights.get(layer).is_some_and(|used| *used > 0.0 && used + height > limit) {
            layer += 1;
        }
        if heights.len() <= layer {
            heights.resize(layer + 1, 0.0);
        }
        heights[layer] += height;
        layer_of[node] = layer;
        for child in children[node].iter().filter(|child| place[**child] > place[node]) {
            layer_of[*child] = layer_of[*child].max(layer + 1);
        }
    }
    layer_of
}

/// Returns the nodes so that parents come first; in cycles, in the order in which they are found.
fn topological(children: &[Vec<usize>]) -> Vec<usize> {
    let mut parents = vec![0_usize; children.len()];
    children.iter().flatten().for_each(|child| parents[*child] += 1);
    let mut roots: Vec<usize> = (0..children.len()).filter(|node| parents[*node] == 0).collect();
    // A part that is nothing but cycles starts anywhere.
    roots.extend(0..children.len());
    let mut done = vec![false; children.len()];
    let mut out = Vec::with_capacity(children.len());
    for root in roots {
        if std::mem::replace(&mut done[root], true) {
            continue;
        }
        // Depth first without recursion: a node is finished after its children.
        let mut stack = vec![(root, 0)];
        while let Some((node, next)) = stack.pop() {
            check();
            match children[node].get(next) {
                None => out.push(node),
                Some(child) => {
                    stack.push((node, next + 1));
                    if !std::mem::replace(&mut done[*child], true) {
                        stack.push((*child, 0));
                    }
                }
            }
        }
    }
    out.reverse();
    out
}

/// Orders the nodes of each layer by the mean position of their neighbours, forwards and backwards.
fn order(layers: &mut [Vec<usize>], nodes: &[Node]) {
    let mut position = vec![0_usize; nodes.len()];
    for layer in layers.iter() {
        layer.iter().enumerate().for_each(|(at, node)| position[*node] = at);
    }
    for sweep in 0..SWEEPS {
        let forwards = sweep % 2 == 0;
        for step in 0..layers.len() {
            let at = if forwards { step } else { layers.len() - 1 - step };
            let mean = |node: usize| {
                check();
                let neighbours = if forwards { &nodes[node].before } else { &nodes[node].after };
                match neighbours.len() {
                    0 => position[node] as f64,
                    count => neighbours.iter().map(|other| position[*other] as f64).sum::<f64>() / count as f64,
                }
            };
            let mut keyed: Vec<(f64, usize)> = layers[at].iter().map(|node| (mean(*node), *node)).collect();
            keyed.sort_by(|one, other| one.0.total_cmp(&other.0));
            layers[at] = keyed.into_iter().map(|(_, node)| node).collect();
            layers[at].iter().enumerate().for_each(|(at, node)| position[*node] = at);
        }
    }
}

/// Moves the nodes of each layer towards their neighbours, in their order and without overlaps.
fn align(layers: &[Vec<usize>], nodes: &mut [Node]) {
    for layer in layers {
        let mut y = 0.0;
        for node in layer {
            nodes[*node].y = y;
            y += nodes[*node].size.1 + GAP;
        }
    }
    for sweep in 0..SWEEPS {
        let forwards = sweep % 2 == 0;
        for step in 0..layers.len() {
            let layer = &layers[if forwards { step } else { layers.len() - 1 - step }];
            let mut desired = Vec::with_capacity(layer.len());
            let mut offset = 0.0;
            for node in layer {
                check();
                let own = &nodes[*node];
                let neighbours = if forwards { &own.before } else { &own.after };
                let centre = |node: &Node| node.y + node.size.1 / 2.0;
                let wanted = match neighbours.len() {
                    0 => own.y,
                    count => {
                        let sum: f64 = neighbours.iter().map(|other| centre(&nodes[*other])).sum();
                        sum / count as f64 - own.size.1 / 2.0
                    }
                };
                desired.push((wanted - offset, offset));
                offset += own.size.1 + GAP;
            }
            let wanted: Vec<f64> = desired.iter().map(|(wanted, _)| *wanted).collect();
            for ((node, y), (_, offset)) in layer.iter().zip(increasing(&wanted)).zip(&desired) {
                nodes[*node].y = y + offset;
            }
        }
    }
    let top = nodes.iter().map(|node| node.y).fold(f64::INFINITY, f64::min);
    nodes.iter_mut().for_each(|node| node.y -= top);
}

/// Returns the never decreasing numbers that are nearest to these: isotonic regression by pooling adjacent violators.
fn increasing(wanted: &[f64]) -> Vec<f64> {
    let mut blocks: Vec<(f64, usize)> = Vec::new();
    for value in wanted {
        let mut block = (*value, 1);
        while let Some((mean, count)) = blocks.pop_if(|(mean, _)| *mean > block.0) {
            let total = count + block.1;
            block = ((mean * count as f64 + block.0 * block.1 as f64) / total as f64, total);
        }
        blocks.push(block);
    }
    blocks.into_iter().flat_map(|(mean, count)| std::iter::repeat_n(mean, count)).collect()
}

/// Returns the left side and the width of each layer, and the width of all.
fn columns(layers: &[Vec<usize>], nodes: &[Node]) -> (Vec<(f64, f64)>, f64) {
    let mut left = 0.0;
    let mut out = Vec::with_capacity(layers.len());
    for layer in layers {
        let width = layer.iter().map(|node| nodes[*node].size.0).fold(0.0, f64::max);
        out.push((left, width));
        let edges: usize = layer.iter().map(|node| nodes[*node].after.len()).sum();
        left += width + LAYER_GAP + (edges as f64 * EDGE_GAP).min(MAX_EDGE_GAP);
    }
    (out.clone(), out.last().map_or(0.0, |(left, width)| left + width))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A generator of numbers that are the same in each run.
    fn numbers(mut seed: u64) -> impl FnMut(usize) -> usize {
        move |below| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) as usize % below
        }
    }

    fn overlap(sizes: &[Point], boxes: &[Point]) -> Option<(usize, usize)> {
        let meet = |a: f64, length: f64, b: f64, other: f64| a < b + other && b < a + length;
        let mut pairs = (0..boxes.len()).flat_map(|one| (0..one).map(move |other| (one, other)));
        pairs.find(|(one, other)| {
            meet(boxes[*one].0, sizes[*one].0, boxes[*other].0, sizes[*other].0)
                && meet(boxes[*one].1, sizes[*one].1, boxes[*other].1, sizes[*other].1)
        })
    }

    #[test]
    fn boxes_of_random_graphs_never_overlap() {
        for (count, seed) in [(1, 1), (2, 2), (50, 3), (50, 2 * 7919 + 13), (300, 4), (1000, 5)] {
            let mut next = numbers(seed);
            let sizes: Vec<Point> =
                (0..count).map(|_| (200.0 + next(100) as f64, 60.0 + next(20) as f64 * 16.0)).collect();
            let links: Vec<Link> = (0..count * 3 / 2)
                .map(|_| Link { from: next(count), from_offset: 10.0, to: next(count), to_offset: 10.0 })
                .collect();
            let found = layout(&sizes, &links);
            assert_eq!(overlap(&sizes, &found.boxes), None, "{count} boxes, seed {seed}");
            for (link, path) in links.iter().zip(&found.paths) {
                assert_eq!(path.is_empty(), link.from == link.to);
                assert!(path.iter().all(|(x, y)| x.is_finite() && y.is_finite()));
            }
            let inside = |(x, y): &Point| *x >= 0.0 && *y >= 0.0 && *x <= found.width && *y <= found.height;
            assert!(found.boxes.iter().all(inside));
        }
    }

    #[test]
    fn a_child_is_to_the_right_of_its_parent() {
        let link = |from, to| Link { from, from_offset: 5.0, to, to_offset: 7.0 };
        let found = layout(&[(10.0, 20.0); 3], &[link(0, 1), link(1, 2), link(0, 2)]);
        assert!(found.boxes[0].0 < found.boxes[1].0 && found.boxes[1].0 < found.boxes[2].0);
        assert_eq!(found.paths[0].first(), Some(&(found.boxes[0].0 + 10.0, found.boxes[0].1 + 5.0)));
        assert_eq!(found.paths[0].last(), Some(&(found.boxes[1].0, found.boxes[1].1 + 7.0)));
        assert_eq!(found.paths[2].len(), 3, "it passes the layer between");
    }

    #[test]
    fn numbers_become_increasing_and_stay_near() {
        assert_eq!(increasing(&[1.0, 3.0, 2.0, 5.0]), [1.0, 2.5, 2.5, 5.0]);
        assert_eq!(increasing(&[]), [0.0; 0]);
    }
}
