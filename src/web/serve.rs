//! The server: the loopback address and nothing else, from the start file to an orderly end.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::{Notify, Semaphore, watch};

use crate::error::{Result, kinds};
use crate::event::{Event, Front};
use crate::locales::Lang;
use crate::pipeline::Desk;
use crate::pipeline::board::Board;
use crate::platform;

use super::session::Sessions;
use super::start::{Start, take_over};
use super::work::Works;
use super::{App, FOLDER, picture, route, sender};

/// How long open pages and works are waited for at the end.
const GRACE: Duration = Duration::from_secs(5);

/// What `serve` is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    /// Port of the loopback address; 0 takes a free one.
    pub port: u16,
    /// Language of the first page.
    pub lang: Lang,
    /// Time without a touch after which the page is locked.
    pub idle: Duration,
}

/// Serves until the person ends the program.
///
/// # Errors
/// [`kinds::STATION_OPEN`] while the station is open already, [`kinds::PORT_TAKEN`], or a disk error.
pub async fn run(desk: Desk, request: Request, front: &dyn Front) -> Result<()> {
    let folder = desk.workspace.root.join(FOLDER);
    platform::create_private_dir(&folder)?;
    platform::make_private(&folder)?;
    let _ours = take_over(&folder)?;
    let taken = |e| kinds::PORT_TAKEN.with("port", request.port).with("cause", e);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, request.port)).await.map_err(taken)?;
    let port = listener.local_addr().map_err(taken)?.port();
    let (end, ending) = watch::channel(false);
    let app = Arc::new(App {
        start: Start::write(&folder, port)?,
        sessions: Sessions::load(&folder, request.idle),
        desk,
        port,
        lang: Mutex::new(request.lang),
        works: Works::new(),
        board: tokio::sync::Mutex::new(Board::default()),
        pictures: picture::Cache::default(),
        drawing: Semaphore::new(std::thread::available_parallelism().map_or(1, usize::from).min(4)),
        to_build: Mutex::default(),
        to_send: Notify::new(),
        ending: ending.clone(),
    });
    let told = json!({"command": "serve", "address": format!("http://127.0.0.1:{port}/"), "open": app.start.url(),
        "start_file": app.start.path().display().to_string(), "process": std::process::id()});
    front.tell(&Event::new("serving", told));
    let sending = tokio::spawn(sender::watch(Arc::clone(&app)));
    let mut over = ending.clone();
    let server = axum::serve(listener, route::routes(Arc::clone(&app)))
        .with_graceful_shutdown(async move { drop(over.wait_for(|over| *over).await) });
    let mut server = std::pin::pin!(async { server.await });
    let served = tokio::select! {
        served = &mut server => served,
        () = front.asked_to_stop() => {
            end.send_replace(true);
            tokio::time::timeout(GRACE, &mut server).await.unwrap_or(Ok(()))
        }
    };
    sending.abort();
    rest(&app).await;
    app.start.remove();
    served.map_err(|e| kinds::INTERNAL.with("cause", e))
}

/// Works give back what they have not done.
async fn rest(app: &App) {
    let waited = async {
        while app.works.is_busy() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let _ = tokio::time::timeout(GRACE, waited).await;
}
