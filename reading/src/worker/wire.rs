//! One message each way over a Unix socket: a header, a JSON body, at most one file descriptor.
//!
//! The header is eight bytes: `D`, `W`, the version, 1 if a file descriptor comes along, and the
//! length of the body as little-endian u32. Knows nothing of what the messages mean.

use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage, SendFlags,
    recvmsg, sendmsg,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

/// Both sides are the same program, so there is exactly one version at a time.
const VERSION: u8 = 1;
pub(super) const HEADER_BYTES: usize = 8;

/// A header that was understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub has_file: bool,
    pub body_bytes: u32,
}

/// Header and body of a message.
pub(super) fn encode<T: Serialize>(message: &T, has_file: bool, bytes_max: u32) -> io::Result<Vec<u8>> {
    let mut out = vec![0u8; HEADER_BYTES];
    serde_json::to_writer(&mut out, message)?;
    let body_bytes = (out.len() - HEADER_BYTES) as u64;
    if body_bytes > u64::from(bytes_max) {
        return Err(invalid(format!(
            "a message of {body_bytes} bytes, {bytes_max} are allowed"
        )));
    }
    out[..4].copy_from_slice(&[b'D', b'W', VERSION, u8::from(has_file)]);
    out[4..8].copy_from_slice(&(body_bytes as u32).to_le_bytes());
    Ok(out)
}

/// Parses a header or says what is wrong with it.
pub(super) fn parse_header(bytes: &[u8; HEADER_BYTES], bytes_max: u32) -> io::Result<Header> {
    if bytes[..2] != *b"DW" || bytes[3] > 1 {
        return Err(invalid("not a message".to_owned()));
    }
    if bytes[2] != VERSION {
        return Err(invalid(format!("message version {}, {VERSION} is spoken", bytes[2])));
    }
    let body_bytes = u32::from_le_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]);
    if body_bytes > bytes_max {
        return Err(invalid(format!(
            "a message of {body_bytes} bytes, {bytes_max} are allowed"
        )));
    }
    Ok(Header {
        has_file: bytes[3] == 1,
        body_bytes,
    })
}

/// Understands a body.
pub(super) fn parse_body<T: DeserializeOwned>(bytes: &[u8]) -> io::Result<T> {
    serde_json::from_slice(bytes).map_err(|e| invalid(format!("not understood: {e}")))
}

/// Sends as much as the socket takes now; the file goes with the first byte.
pub(super) fn send_some(socket: BorrowedFd<'_>, bytes: &[u8], file: Option<BorrowedFd<'_>>) -> io::Result<usize> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    let files: Vec<BorrowedFd<'_>> = file.into_iter().collect();
    if !files.is_empty() && !control.push(SendAncillaryMessage::ScmRights(&files)) {
        return Err(invalid("no room for a file descriptor".to_owned()));
    }
    Ok(sendmsg(
        socket,
        &[IoSlice::new(bytes)],
        &mut control,
        SendFlags::NOSIGNAL,
    )?)
}

/// Receives what is there, with a file descriptor if one comes along. 0 bytes: the end.
pub(super) fn receive_some(socket: BorrowedFd<'_>, bytes: &mut [u8]) -> io::Result<(usize, Option<OwnedFd>)> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let message = recvmsg(
        socket,
        &mut [IoSliceMut::new(bytes)],
        &mut control,
        RecvFlags::CMSG_CLOEXEC,
    )?;
    let mut file = None;
    for part in control.drain() {
        if let RecvAncillaryMessage::ScmRights(files) = part {
            file = files.last().or(file);
        }
    }
    Ok((message.bytes, file))
}

/// The worker's side: blocks until a whole message is there. `None`: the parent closed.
pub(super) fn receive<T: DeserializeOwned>(
    socket: impl AsFd,
    bytes_max: u32,
) -> io::Result<Option<(T, Option<OwnedFd>)>> {
    let socket = socket.as_fd();
    let mut head = [0u8; HEADER_BYTES];
    let Some(mut file) = fill(socket, &mut head)? else {
        return Ok(None);
    };
    let header = parse_header(&head, bytes_max)?;
    let mut body = vec![0u8; header.body_bytes as usize];
    match fill(socket, &mut body)? {
        Some(later) => file = file.or(later),
        None => return Ok(None),
    }
    if header.has_file != file.is_some() {
        return Err(invalid("the announced file descriptor did not come".to_owned()));
    }
    Ok(Some((parse_body(&body)?, file)))
}

/// The worker's side: blocks until everything is sent.
pub(super) fn send<T: Serialize>(
    socket: impl AsFd,
    message: &T,
    file: Option<BorrowedFd<'_>>,
    bytes_max: u32,
) -> io::Result<()> {
    let bytes = encode(message, file.is_some(), bytes_max)?;
    let mut sent = 0;
    while sent < bytes.len() {
        let file = if sent == 0 { file } else { None };
        match send_some(socket.as_fd(), &bytes[sent..], file) {
            Ok(n) => sent += n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(())
}

/// Fills the buffer; `None` when the other side closed before its first byte.
fn fill(socket: BorrowedFd<'_>, bytes: &mut [u8]) -> io::Result<Option<Option<OwnedFd>>> {
    let mut file = None;
    let mut done = 0;
    while done < bytes.len() {
        match receive_some(socket, &mut bytes[done..]) {
            Ok((0, _)) if done == 0 => return Ok(None),
            Ok((0, _)) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok((n, with)) => {
                done += n;
                file = file.or(with);
            }
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(Some(file))
}

fn invalid(what: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::net::UnixStream;

    #[test]
    fn a_message_and_its_file_arrive() {
        let (a, b) = UnixStream::pair().expect("sockets");
        let file = crate::bitmap::sealed(b"pixels").expect("memory");
        send(&a, &("open", 7), Some(file.as_fd()), 1_000).expect("sent");
        let (message, file): ((String, u32), _) = receive(&b, 1_000).expect("received").expect("a message");
        assert_eq!(message, ("open".to_owned(), 7));
        let bytes = crate::bitmap::read_sealed(&file.expect("a file"), 6).expect("its bytes");
        assert_eq!(bytes, b"pixels");
        drop(a);
        assert!(receive::<u32>(&b, 10).expect("the end").is_none());
    }

    #[test]
    fn headers_are_not_believed() {
        let check = |bytes: &[u8; 8]| parse_header(bytes, 100).map_err(|e| e.to_string());
        assert!(check(b"DW\x01\x00\x64\0\0\0").is_ok());
        assert!(check(b"DW\x01\x00\x65\0\0\0").is_err_and(|e| e.contains("101 bytes")));
        assert!(check(b"DW\x09\x00\x01\0\0\0").is_err_and(|e| e.contains("version 9")));
        assert!(check(b"XX\x01\x00\x01\0\0\0").is_err());
        assert!(check(b"DW\x01\x07\x01\0\0\0").is_err());
    }

    #[test]
    fn a_body_too_large_is_not_sent() {
        assert!(encode(&"x".repeat(200), false, 100).is_err());
    }
}
