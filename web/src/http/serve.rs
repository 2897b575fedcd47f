//! The listener: accepts connections, speaks TLS where told to, bounds each in time, and lets running requests end
//! when a stop is asked for.

use crate::{
    config::{Exposed, Protection, WebLimits},
    http::{
        connections::{Answering, ConnectionPlace, Connections},
        session::Peer,
        timed::Timed,
    },
};
use axum::{
    Router,
    body::{Body, Bytes, HttpBody},
    extract::Request,
    response::Response,
};
use hyper::{
    body::{Frame, Incoming, SizeHint},
    server::conn::{http1, http2},
};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use std::{
    future::Future,
    io,
    net::SocketAddr,
    path::PathBuf,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::watch,
};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error(transparent)]
    Exposed(#[from] Exposed),
    #[error("{path} cannot be read as PEM: {reason}; give a certificate chain and its private key")]
    Pem { path: PathBuf, reason: String },
    #[error("certificate and key do not fit together: {0}")]
    Tls(#[from] rustls::Error),
    #[error("the address does not answer: {0}")]
    Listen(#[from] io::Error),
}

/// An address that is ours, with the certificate that is shown there. Nobody is answered yet.
pub struct Door {
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    is_behind_proxy: bool,
}

impl Door {
    /// Checks the protection and takes the address.
    ///
    /// # Errors
    /// An unprotected address, certificate files that cannot be used, or an address that cannot be had.
    pub async fn open(address: SocketAddr, protection: &Protection) -> Result<Self, ServeError> {
        protection.check(address)?;
        let tls = match protection {
            Protection::Tls { certificate, key } => Some(acceptor(certificate, key)?),
            Protection::Loopback | Protection::BehindProxy => None,
        };
        let listener = TcpListener::bind(address).await?;
        let is_behind_proxy = *protection == Protection::BehindProxy;
        Ok(Self {
            listener,
            tls,
            is_behind_proxy,
        })
    }

    /// Where it is; the port that the system chose, where none was asked for.
    ///
    /// # Errors
    /// What the system says.
    pub fn address(&self) -> Result<SocketAddr, ServeError> {
        Ok(self.listener.local_addr()?)
    }
}

/// Serves until `stop` ends, then lets running requests end within the drain time.
pub async fn serve(door: Door, router: Router, limits: &WebLimits, stop: impl Future<Output = ()>) {
    let Door {
        listener,
        tls,
        is_behind_proxy,
    } = door;
    let (stopping, stopped) = watch::channel(());
    let of_network_max = (!is_behind_proxy).then_some(limits.connections_of_network_max);
    let connections = Connections::new(limits.connections_max, of_network_max);
    let mut stop = pin!(stop);
    loop {
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(cause) => {
                    // Out of file descriptors or a connection that died at once; the next one may do better.
                    tracing::warn!(error.cause = %cause, "web.accept.failed");
                    connections.make_room();
                    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        let Some(place) = connections.enter(peer.ip()) else {
            continue;
        };
        let visit = Visit {
            peer: Peer(peer.ip()),
            place: Arc::new(place),
            router: router.clone(),
            stopped: stopped.clone(),
            limits: *limits,
        };
        let tls = tls.clone();
        tokio::spawn(async move {
            let _ = stream.set_nodelay(true);
            let place = Arc::clone(&visit.place);
            tokio::select! {
                () = connection(stream, tls, visit) => {}
                () = place.is_needed() => tracing::debug!("web.connection.made_to_leave"),
            }
        });
    }
    drop(listener);
    let _ = stopping.send(());
    drop(stopped);
    // Every connection holds a receiver; when the last has ended, nobody listens any more.
    let _ = tokio::time::timeout(limits.drain_time_max, stopping.closed()).await;
}

/// One connection, with what is needed to answer on it.
struct Visit {
    peer: Peer,
    place: Arc<ConnectionPlace>,
    router: Router,
    stopped: watch::Receiver<()>,
    limits: WebLimits,
}

/// What is spoken on a connection. Nothing is guessed from what comes: without TLS it is HTTP/1, with TLS it is agreed
/// on in the handshake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Protocol {
    Http1,
    Http2,
}

impl Protocol {
    /// Bytes that a client must have sent before it is known to speak: HTTP/2 begins with a preface and a frame.
    fn opening_bytes(self) -> usize {
        match self {
            Protocol::Http1 => 1,
            Protocol::Http2 => 24 + 9,
        }
    }
}

async fn connection(stream: TcpStream, tls: Option<TlsAcceptor>, visit: Visit) {
    let Some(tls) = tls else {
        return speak(stream, Protocol::Http1, visit).await;
    };
    match tokio::time::timeout(visit.limits.header_time_max, tls.accept(stream)).await {
        Ok(Ok(stream)) => {
            let agreed = match stream.get_ref().1.alpn_protocol() {
                Some(b"h2") => Protocol::Http2,
                _ => Protocol::Http1,
            };
            speak(stream, agreed, visit).await;
        }
        Ok(Err(cause)) => tracing::debug!(error.cause = %cause, "web.tls.refused"),
        Err(_) => tracing::debug!("web.tls.timed_out"),
    }
}

async fn speak<S>(stream: S, protocol: Protocol, visit: Visit)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let Visit {
        peer,
        place,
        router,
        stopped,
        limits,
    } = visit;
    let opening = protocol.opening_bytes();
    let stream = Timed::new(stream, opening, limits.header_time_max, limits.sending_time_max);
    let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
        let answering = Answering::at(&place);
        let mut request: Request = request.map(Body::new);
        request.extensions_mut().insert(peer);
        request.extensions_mut().insert(Arc::clone(place.connections()));
        let answer = router.clone().oneshot(request);
        async move {
            let held = |body| {
                Body::new(Held {
                    body,
                    _answering: answering,
                })
            };
            answer.await.map(|response: Response| response.map(held))
        }
    });
    match protocol {
        Protocol::Http1 => {
            let mut server = http1::Builder::new();
            server
                .timer(TokioTimer::new())
                .header_read_timeout(limits.header_time_max)
                .max_headers(100);
            let connection = server.serve_connection(TokioIo::new(stream), service);
            until_stopped(connection, http1::Connection::graceful_shutdown, stopped).await;
        }
        Protocol::Http2 => {
            let mut server = http2::Builder::new(TokioExecutor::new());
            server
                .timer(TokioTimer::new())
                .keep_alive_interval(limits.ping_every)
                .keep_alive_timeout(limits.header_time_max)
                .max_concurrent_streams(64);
            let connection = server.serve_connection(TokioIo::new(stream), service);
            until_stopped(connection, http2::Connection::graceful_shutdown, stopped).await;
        }
    }
}

async fn until_stopped<C>(connection: C, shut: impl FnOnce(Pin<&mut C>), mut stopped: watch::Receiver<()>)
where
    C: Future<Output = hyper::Result<()>>,
{
    let mut connection = pin!(connection);
    tokio::select! {
        ended = connection.as_mut() => {
            if let Err(cause) = ended {
                tracing::debug!(error.cause = %cause, "web.connection.ended");
            }
            return;
        }
        // An error means that the sender is gone, which is a stop as well.
        _ = stopped.changed() => shut(connection.as_mut()),
    }
    let _ = connection.await;
}

/// The body of an answer; its request is being answered until it has been sent.
struct Held {
    body: Body,
    _answering: Answering,
}

impl HttpBody for Held {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

fn acceptor(certificate: &PathBuf, key: &PathBuf) -> Result<TlsAcceptor, ServeError> {
    let pem = |path: &PathBuf, cause: rustls::pki_types::pem::Error| ServeError::Pem {
        path: path.clone(),
        reason: cause.to_string(),
    };
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|cause| pem(certificate, cause))?;
    if chain.is_empty() {
        return Err(ServeError::Pem {
            path: certificate.clone(),
            reason: "there is no certificate in it".to_owned(),
        });
    }
    let key = PrivateKeyDer::from_pem_file(key).map_err(|cause| pem(key, cause))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{IpAddr, Ipv4Addr};
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

    const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    const SETTINGS: &[u8] = &[0, 0, 0, 4, 0, 0, 0, 0, 0];

    /// Our end of a connection, and its server, which ends by itself or not at all.
    fn visit(protocol: Protocol, answer: &'static str) -> (DuplexStream, tokio::task::JoinHandle<()>) {
        let (ours, theirs) = duplex(1 << 10);
        let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let place = Connections::new(1, None).enter(address).expect("a place");
        let router = Router::new().route("/", axum::routing::get(move || async move { answer.repeat(1 << 20) }));
        let server = tokio::spawn(async move {
            let (_stopping, stopped) = watch::channel(());
            let (peer, place, limits) = (Peer(address), Arc::new(place), WebLimits::default());
            let visit = Visit {
                peer,
                place,
                router,
                stopped,
                limits,
            };
            speak(theirs, protocol, visit).await;
        });
        (ours, server)
    }

    /// The time is made to pass as soon as nobody has anything to do, so a server that never ends makes this never end.
    async fn check(protocol: Protocol, sent: &[&[u8]]) {
        let (mut ours, server) = visit(protocol, "x");
        for bytes in sent {
            ours.write_all(bytes).await.expect("is taken");
        }
        let began = tokio::time::Instant::now();
        tokio::time::timeout(std::time::Duration::from_secs(600), server)
            .await
            .unwrap_or_else(|_| panic!("{protocol:?} is open ten minutes after {sent:?}"))
            .expect("ends");
        drop(ours);
        assert!(began.elapsed() > std::time::Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn who_says_nothing_is_not_waited_for() {
        check(Protocol::Http1, &[]).await;
        check(Protocol::Http1, &[b"GET / HT"]).await;
        check(Protocol::Http2, &[]).await;
        check(Protocol::Http2, &[&PREFACE[..8]]).await;
        check(Protocol::Http2, &[PREFACE]).await;
        check(Protocol::Http2, &[PREFACE, SETTINGS]).await;
    }

    #[tokio::test(start_paused = true)]
    async fn who_takes_nothing_is_not_waited_for() {
        check(Protocol::Http1, &[b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"]).await;
    }

    #[tokio::test(start_paused = true)]
    async fn who_takes_slowly_gets_everything() {
        let (mut ours, server) = visit(Protocol::Http1, "x");
        let request = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        ours.write_all(request).await.expect("is taken");
        let mut bytes = Vec::new();
        while bytes.len() < 1 << 20 {
            tokio::time::advance(std::time::Duration::from_secs(5)).await;
            let mut part = vec![0; 1 << 16];
            let read = ours.read(&mut part).await.expect("comes");
            assert_ne!(read, 0, "it ended after {} bytes", bytes.len());
            bytes.extend_from_slice(&part[..read]);
        }
        drop(ours);
        server.await.expect("ends");
    }
}
