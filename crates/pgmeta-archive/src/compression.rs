//! Compression of data files: the codecs, their levels, and streams through them.

use std::io::{self, BufRead, Read, Write};

use flate2::bufread::MultiGzDecoder;
use flate2::write::GzEncoder;
use lz4_flex::frame::{FrameDecoder, FrameEncoder, FrameInfo};
use serde::{Deserialize, Serialize};

use crate::frames::Frames;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Compression {
    #[default]
    Zstd,
    Gzip,
    Lz4,
    None,
}

impl Compression {
    /// Returns the levels of the codec, and its default level.
    pub fn levels(self) -> Option<(std::ops::RangeInclusive<i32>, i32)> {
        match self {
            Compression::Zstd => Some((1..=22, 3)),
            Compression::Gzip => Some((1..=9, 6)),
            Compression::Lz4 | Compression::None => None,
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Compression::Zstd => "zstd",
            Compression::Gzip => "gzip",
            Compression::Lz4 => "lz4",
            Compression::None => "none",
        }
    }

    /// Returns the ending of file names.
    pub fn suffix(self) -> &'static str {
        match self {
            Compression::Zstd => ".zst",
            Compression::Gzip => ".gz",
            Compression::Lz4 => ".lz4",
            Compression::None => "",
        }
    }

    /// `threads`: how many threads compress, if the codec supports several.
    pub(crate) fn encoder<W: Write>(self, level: Option<i32>, threads: usize, out: W) -> io::Result<Encoder<W>> {
        let level = level.or(self.levels().map(|(_, level)| level)).unwrap_or_default();
        Ok(match self {
            Compression::Zstd => Encoder::Zstd(Box::new(Frames::new(out, level, threads)?)),
            Compression::Gzip => Encoder::Gzip(GzEncoder::new(out, flate2::Compression::new(level.unsigned_abs()))),
            Compression::Lz4 => {
                let frame = FrameInfo::new().content_checksum(true);
                Encoder::Lz4(Box::new(FrameEncoder::with_frame_info(frame, out)))
            }
            Compression::None => Encoder::None(out),
        })
    }

    pub(crate) fn decoder<'a, R: BufRead + 'a>(self, bytes: R) -> io::Result<Box<dyn Read + 'a>> {
        Ok(match self {
            Compression::Zstd => Box::new(zstd::Decoder::with_buffer(bytes)?),
            Compression::Gzip => Box::new(MultiGzDecoder::new(bytes)),
            Compression::Lz4 => Box::new(FrameDecoder::new(bytes)),
            Compression::None => Box::new(bytes),
        })
    }
}

pub(crate) enum Encoder<W: Write> {
    Zstd(Box<Frames<W>>),
    Gzip(GzEncoder<W>),
    Lz4(Box<FrameEncoder<W>>),
    None(W),
}

impl<W: Write> Encoder<W> {
    pub fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Encoder::Zstd(encoder) => encoder.write_all(bytes),
            Encoder::Gzip(encoder) => encoder.write_all(bytes),
            Encoder::Lz4(encoder) => encoder.write_all(bytes),
            Encoder::None(out) => out.write_all(bytes),
        }
    }

    /// Returns the writer that receives the compressed bytes.
    pub fn out(&self) -> &W {
        match self {
            Encoder::Zstd(frames) => frames.out(),
            Encoder::Gzip(encoder) => encoder.get_ref(),
            Encoder::Lz4(encoder) => encoder.get_ref(),
            Encoder::None(out) => out,
        }
    }

    pub fn finish(self) -> io::Result<W> {
        match self {
            Encoder::Zstd(frames) => frames.finish(),
            Encoder::Gzip(encoder) => encoder.finish(),
            Encoder::Lz4(encoder) => encoder.finish().map_err(io::Error::other),
            Encoder::None(out) => Ok(out),
        }
    }
}
