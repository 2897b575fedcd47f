//! The listener: accepts connections, speaks TLS where told to, bounds each in time, and lets running requests end
//! when a stop is asked for.

use crate::{
    config::{Exposed, Protection, WebLimits},
    http::session::Peer,
};
use axum::{Router, body::Body, extract::Request};
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use std::{future::Future, io, net::SocketAddr, path::PathBuf, pin::pin, sync::Arc};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
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
        Ok(Self { listener, tls })
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
    let Door { listener, tls } = door;
    let (stopping, stopped) = watch::channel(());
    let room = Arc::new(Semaphore::new(limits.connections_max));
    let mut stop = pin!(stop);
    loop {
        let place = tokio::select! {
            place = Arc::clone(&room).acquire_owned() => place,
            () = &mut stop => break,
        };
        let Ok(place) = place else { break };
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(cause) => {
                    // Out of file descriptors or a connection that died at once; the next one may do better.
                    tracing::warn!(error.cause = %cause, "web.accept.failed");
                    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        let (router, tls, stopped, limits) = (router.clone(), tls.clone(), stopped.clone(), *limits);
        tokio::spawn(async move {
            let _place = place;
            let _ = stream.set_nodelay(true);
            connection(stream, Peer(peer.ip()), router, tls, stopped, limits).await;
        });
    }
    drop(listener);
    let _ = stopping.send(());
    drop(stopped);
    // Every connection holds a receiver; when the last has ended, nobody listens any more.
    let _ = tokio::time::timeout(limits.drain_time_max, stopping.closed()).await;
}

async fn connection(
    stream: TcpStream,
    peer: Peer,
    router: Router,
    tls: Option<TlsAcceptor>,
    stopped: watch::Receiver<()>,
    limits: WebLimits,
) {
    match tls {
        None => speak(stream, peer, router, stopped, limits).await,
        Some(tls) => match tokio::time::timeout(limits.header_time_max, tls.accept(stream)).await {
            Ok(Ok(stream)) => speak(stream, peer, router, stopped, limits).await,
            Ok(Err(cause)) => tracing::debug!(error.cause = %cause, "web.tls.refused"),
            Err(_) => tracing::debug!("web.tls.timed_out"),
        },
    }
}

async fn speak<S>(stream: S, peer: Peer, router: Router, mut stopped: watch::Receiver<()>, limits: WebLimits)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
        let mut request: Request = request.map(Body::new);
        request.extensions_mut().insert(peer);
        router.clone().oneshot(request)
    });
    let mut server = auto::Builder::new(TokioExecutor::new());
    server
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_time_max)
        .max_headers(100);
    server.http2().timer(TokioTimer::new()).max_concurrent_streams(64);
    let mut connection = pin!(server.serve_connection(TokioIo::new(stream), service));
    tokio::select! {
        ended = connection.as_mut() => {
            if let Err(cause) = ended {
                tracing::debug!(error.cause = %cause, "web.connection.ended");
            }
            return;
        }
        // An error means that the sender is gone, which is a stop as well.
        _ = stopped.changed() => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
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
