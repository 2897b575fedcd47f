//! Who is connected: a bound for all and for each network, where a newcomer takes the place of whoever has been silent
//! longest, so that sockets that say nothing stop nobody. Refuses to know what is spoken on a connection.

use super::session::network_of;
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::sync::Notify;

/// The log says once in so long that the places are used up.
const WARNED_FOR: Duration = Duration::from_secs(60);

/// Every connection there is.
pub struct Connections {
    inside: Mutex<OpenConnections>,
    all_max: usize,
    /// Of one network; `None` behind a proxy, from which everybody comes.
    of_network_max: Option<usize>,
    made_to_leave: AtomicU64,
    turned_away: AtomicU64,
}

#[derive(Default)]
struct OpenConnections {
    /// Grows with everything that happens, so that it tells what was longest ago.
    step: u64,
    all: HashMap<u64, One>,
    warned: Option<Instant>,
}

struct One {
    network: IpAddr,
    /// Requests that are being answered.
    requests: usize,
    /// Whether it has ever sent a request.
    has_asked: bool,
    quiet_since: u64,
    leave: Arc<Notify>,
}

impl Connections {
    pub fn new(all_max: usize, of_network_max: Option<usize>) -> Arc<Self> {
        Arc::new(Self {
            inside: Mutex::default(),
            all_max,
            of_network_max,
            made_to_leave: AtomicU64::new(0),
            turned_away: AtomicU64::new(0),
        })
    }

    fn inside(&self) -> MutexGuard<'_, OpenConnections> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for a newcomer. When all are taken, the connection of the fullest network that has been silent longest
    /// leaves; `None` when every one of them is being answered.
    pub fn enter(self: &Arc<Self>, address: IpAddr) -> Option<ConnectionPlace> {
        let network = network_of(address);
        let mut inside = self.inside();
        let of_network = inside.all.values().filter(|one| one.network == network).count();
        let crowded = self.of_network_max.is_some_and(|max| of_network >= max);
        if crowded || inside.all.len() >= self.all_max {
            let gone = inside.make_room(crowded.then_some(network));
            let count = if gone { &self.made_to_leave } else { &self.turned_away };
            count.fetch_add(1, Ordering::Relaxed);
            inside.warn(network, of_network);
            if !gone {
                return None;
            }
        }
        inside.step += 1;
        let (number, leave) = (inside.step, Arc::new(Notify::new()));
        let one = One {
            network,
            requests: 0,
            has_asked: false,
            quiet_since: number,
            leave: Arc::clone(&leave),
        };
        inside.all.insert(number, one);
        let connections = Arc::clone(self);
        Some(ConnectionPlace {
            connections,
            number,
            leave,
        })
    }

    /// Lets the one that has been silent longest go, when the system has no room for another.
    pub fn make_room(&self) {
        if self.inside().make_room(None) {
            self.made_to_leave.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Open now, made to leave so far, turned away so far.
    pub fn counts(&self) -> [u64; 3] {
        let open = u64::try_from(self.inside().all.len()).unwrap_or(u64::MAX);
        let [left, away] = [&self.made_to_leave, &self.turned_away].map(|count| count.load(Ordering::Relaxed));
        [open, left, away]
    }
}

impl OpenConnections {
    fn make_room(&mut self, of_network: Option<IpAddr>) -> bool {
        let mut sizes: HashMap<IpAddr, usize> = HashMap::new();
        for one in self.all.values() {
            *sizes.entry(one.network).or_default() += 1;
        }
        let silent = self
            .all
            .iter()
            .filter(|(_, one)| one.requests == 0 && of_network.is_none_or(|network| one.network == network));
        let first = silent.min_by_key(|(_, one)| (usize::MAX - sizes[&one.network], one.has_asked, one.quiet_since));
        let Some(number) = first.map(|(number, _)| *number) else {
            return false;
        };
        if let Some(one) = self.all.remove(&number) {
            one.leave.notify_one();
        }
        true
    }

    fn warn(&mut self, network: IpAddr, of_network: usize) {
        if self.warned.is_some_and(|at| at.elapsed() < WARNED_FOR) {
            return;
        }
        self.warned = Some(Instant::now());
        tracing::warn!(
            connections = self.all.len(), client.network = %network, client.connections = of_network,
            "web.places.used_up: the longest silent connections are closed for new ones"
        );
    }
}

/// One connection's place; given back when dropped.
pub struct ConnectionPlace {
    connections: Arc<Connections>,
    number: u64,
    leave: Arc<Notify>,
}

impl ConnectionPlace {
    /// Ends when the place is needed for somebody else.
    pub async fn is_needed(&self) {
        self.leave.notified().await;
    }

    pub fn connections(&self) -> &Arc<Connections> {
        &self.connections
    }

    fn change(&self, what: impl FnOnce(&mut One, u64)) {
        let mut inside = self.connections.inside();
        inside.step += 1;
        let step = inside.step;
        if let Some(one) = inside.all.get_mut(&self.number) {
            what(one, step);
        }
    }
}

impl Drop for ConnectionPlace {
    fn drop(&mut self) {
        self.connections.inside().all.remove(&self.number);
    }
}

/// A request that is being answered: its connection is not made to leave.
pub struct Answering(Arc<ConnectionPlace>);

impl Answering {
    pub fn at(place: &Arc<ConnectionPlace>) -> Self {
        place.change(|one, _| {
            one.requests += 1;
            one.has_asked = true;
        });
        Self(Arc::clone(place))
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.change(|one, step| {
            one.requests = one.requests.saturating_sub(1);
            one.quiet_since = step;
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    fn left(place: &ConnectionPlace) -> bool {
        place.is_needed().now_or_never().is_some()
    }

    #[test]
    fn the_longest_silent_one_of_the_fullest_network_leaves() {
        let connections = Connections::new(4, None);
        let enter = |address: &str| {
            Arc::new(
                connections
                    .enter(address.parse().expect("an address"))
                    .expect("a place"),
            )
        };
        let colleague = enter("10.0.0.1");
        let crowd = [enter("2001:db8::1"), enter("2001:db8::2"), enter("2001:db8::3")];
        drop(Answering::at(&crowd[0]));
        let _newcomer = enter("10.0.0.2");
        assert_eq!(
            [&colleague, &crowd[0], &crowd[1], &crowd[2]].map(|place| left(place)),
            [false, false, true, false]
        );
        assert_eq!(connections.counts(), [4, 1, 0]);
    }

    #[test]
    fn nobody_leaves_who_is_being_answered() {
        let connections = Connections::new(10, Some(1));
        let address = "10.0.0.1".parse().expect("an address");
        let place = Arc::new(connections.enter(address).expect("a place"));
        let answering = Answering::at(&place);
        assert!(connections.enter(address).is_none());
        assert_eq!(connections.counts(), [1, 0, 1]);
        drop(answering);
        assert!(connections.enter(address).is_some());
        assert!(left(&place));
    }
}
