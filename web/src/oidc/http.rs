//! The few requests to the provider: one connection for each, TLS by the library that serves ours too, bounded in time
//! and size, and without following anybody anywhere.

use axum::body::Body;
use futures::future::BoxFuture;
use hyper::{
    Request, Response, Uri,
    client::conn::http1,
    header::{HOST, HeaderValue},
};
use hyper_util::rt::TokioIo;
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use std::{io, path::Path, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_rustls::TlsConnector;

const TIME_MAX: Duration = Duration::from_secs(10);
const ANSWER_BYTES_MAX: usize = 1 << 20;
/// Where systems keep the certificates that they trust.
const SYSTEM_ROOTS: [&str; 3] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/cert.pem",
];

#[derive(Debug, thiserror::Error)]
pub enum ProviderUnreachable {
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("{0}")]
    Http(#[from] hyper::Error),
    #[error("{0}")]
    Address(String),
    #[error("it did not answer within {} s", TIME_MAX.as_secs())]
    Late,
    #[error("its answer is over {ANSWER_BYTES_MAX} bytes or broke off")]
    Answer,
}

/// Trust in the certificates of a file, or of the system.
///
/// # Errors
/// When there is none that can be read.
pub fn trust(file: Option<&Path>) -> Result<Arc<ClientConfig>, ProviderUnreachable> {
    let mut roots = RootCertStore::empty();
    let system = SYSTEM_ROOTS.iter().map(Path::new).find(|path| path.exists());
    if let Some(path) = file.or(system) {
        let unusable = |cause: String| ProviderUnreachable::Address(format!("{}: {cause}", path.display()));
        let certificates = CertificateDer::pem_file_iter(path).map_err(|cause| unusable(cause.to_string()))?;
        // A system keeps a few that are not of today; each is taken or left by itself.
        let (taken, _) = roots.add_parsable_certificates(certificates.filter_map(Result::ok));
        if taken == 0 {
            return Err(unusable("no certificate is in it".to_owned()));
        }
    }
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|cause| ProviderUnreachable::Address(cause.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// An answer of the provider that is on its way.
type AwaitedAnswer = BoxFuture<'static, Result<Response<Vec<u8>>, ProviderUnreachable>>;

/// What the library of the protocol asks through.
pub fn client(trust: Arc<ClientConfig>) -> impl Fn(Request<Vec<u8>>) -> AwaitedAnswer {
    move |request| {
        let trust = trust.clone();
        Box::pin(async move { send(&trust, request).await })
    }
}

/// One request and its whole answer.
async fn send(trust: &Arc<ClientConfig>, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, ProviderUnreachable> {
    tokio::time::timeout(TIME_MAX, answered(trust, request))
        .await
        .map_err(|_| ProviderUnreachable::Late)?
}

async fn answered(
    trust: &Arc<ClientConfig>,
    request: Request<Vec<u8>>,
) -> Result<Response<Vec<u8>>, ProviderUnreachable> {
    let uri = request.uri().clone();
    let wrong = |what: &str| ProviderUnreachable::Address(format!("{uri}: {what}"));
    let host = uri.host().ok_or_else(|| wrong("names no host"))?.to_owned();
    let is_encrypted = match uri.scheme_str() {
        Some("https") => true,
        Some("http") if is_loopback(&host) => false,
        _ => return Err(wrong("is not https")),
    };
    let port = uri.port_u16().unwrap_or(if is_encrypted { 443 } else { 80 });
    let bare = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let stream = TcpStream::connect((bare.as_str(), port)).await?;
    if !is_encrypted {
        return over(stream, request).await;
    }
    let name = ServerName::try_from(bare).map_err(|_| wrong("has no usable host"))?;
    let stream = TlsConnector::from(trust.clone()).connect(name, stream).await?;
    over(stream, request).await
}

/// Only this machine is spoken to without TLS.
pub fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost"
        || bare
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

async fn over<S>(stream: S, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, ProviderUnreachable>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let running = tokio::spawn(connection);
    let (mut head, body) = request.into_parts();
    if let Some(authority) = head.uri.authority()
        && let Ok(host) = HeaderValue::from_str(authority.as_str())
    {
        head.headers.insert(HOST, host);
    }
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    head.uri = Uri::try_from(path).map_err(|cause| ProviderUnreachable::Address(cause.to_string()))?;
    let answer = sender.send_request(Request::from_parts(head, Body::from(body))).await?;
    let (head, body) = answer.into_parts();
    let body = axum::body::to_bytes(Body::new(body), ANSWER_BYTES_MAX).await;
    running.abort();
    let body = body.map_err(|_| ProviderUnreachable::Answer)?;
    Ok(Response::from_parts(head, body.to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_this_machine_is_spoken_to_without_tls() {
        assert!(is_loopback("127.0.0.1") && is_loopback("[::1]") && is_loopback("localhost"));
        assert!(!is_loopback("192.0.2.1") && !is_loopback("localhost.example"));
        let trust = trust(None).expect("the system trusts somebody, or nobody");
        let request = Request::get("http://192.0.2.1/x").body(Vec::new()).expect("a request");
        let refused = send(&trust, request).await.expect_err("it is not https");
        assert!(refused.to_string().contains("is not https"), "{refused}");
    }
}
