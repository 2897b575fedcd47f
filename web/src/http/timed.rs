//! A stream whose other side must say something soon after it has come, and must take what it is sent.

use std::{
    future::Future,
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Sleep, sleep},
};

pub struct Timed<S> {
    inner: S,
    /// Bytes that must come before `opening` is over.
    opening_bytes_left: usize,
    opening: Option<Pin<Box<Sleep>>>,
    /// Runs while something waits to be taken.
    sending: Option<Pin<Box<Sleep>>>,
    sending_time_max: Duration,
}

impl<S> Timed<S> {
    /// At least `opening_bytes` must come within `opening_time_max`, and no write may wait longer than `sending_time_max`.
    pub fn new(inner: S, opening_bytes: usize, opening_time_max: Duration, sending_time_max: Duration) -> Self {
        Self {
            inner,
            opening_bytes_left: opening_bytes,
            opening: Some(Box::pin(sleep(opening_time_max))),
            sending: None,
            sending_time_max,
        }
    }

    /// What a write came to, in time.
    fn sent<T>(&mut self, came: Poll<io::Result<T>>, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        if came.is_ready() {
            self.sending = None;
            return came;
        }
        let time_max = self.sending_time_max;
        let sending = self.sending.get_or_insert_with(|| Box::pin(sleep(time_max)));
        match sending.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Timed<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        let came = Pin::new(&mut self.inner).poll_read(context, into);
        if came.is_ready() {
            let bytes = into.filled().len() - before;
            self.opening_bytes_left = self.opening_bytes_left.saturating_sub(bytes);
            if self.opening_bytes_left == 0 {
                self.opening = None;
            }
            return came;
        }
        match self.opening.as_mut().map(|opening| opening.as_mut().poll(context)) {
            Some(Poll::Ready(())) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Some(Poll::Pending) | None => Poll::Pending,
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Timed<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let came = Pin::new(&mut self.inner).poll_write(context, bytes);
        self.sent(came, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let came = Pin::new(&mut self.inner).poll_write_vectored(context, slices);
        self.sent(came, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let came = Pin::new(&mut self.inner).poll_flush(context);
        self.sent(came, context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let came = Pin::new(&mut self.inner).poll_shutdown(context);
        self.sent(came, context)
    }
}
