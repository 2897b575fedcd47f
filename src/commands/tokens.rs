//! Bearer tokens of accounts, which `dossier users` makes, lists and ends.

use crate::{
    command_line::Listed,
    commands::placements::local,
    heading::Heading,
    house::House,
    language::said,
    listed::word,
    output::{note, print, print_json, print_table, say_shown},
    problem::refused,
};
use anyhow::Result;
use api_types::users::{MadeTokenJson, TokenJson};
use records::{identity::Token, ids::TokenId};
use vocabulary::Scope;

/// The secret goes to standard output alone, so that a script can take it; what it is good for stands beside.
pub async fn tell(house: &House, made: (Token, String), json: bool) -> Result<()> {
    let (token, secret) = made;
    let until = token.expires_at.local(&house.zone().await?);
    let shown = TokenJson::of(token);
    if json {
        return print_json(&MadeTokenJson { token: shown, secret });
    }
    let TokenJson { id, user, scope, .. } = shown;
    note(&said!(
        "token {id} for {user}, scope {scope}, until {until}; it is shown only now",
        "{user} 的令牌 {id}，范围 {scope}，有效至 {until}；只在此时显示"
    ));
    print(&format!("{secret}\n"))
}

pub async fn list(house: &House, name: Option<&str>, listed: &Listed, json: bool) -> Result<()> {
    let of_user = match name {
        Some(name) => Some(house.archive.user(&house.asker, name).await?.name),
        None => None,
    };
    let mut tokens = house.archive.tokens(&house.asker).await?;
    tokens.retain(|token| of_user.as_ref().is_none_or(|name| *name == token.user_name));
    let tokens = listed.part(tokens, TokenJson::of)?;
    if json {
        return print_json(&tokens);
    }
    let zone = house.zone().await?;
    let row = |token: &TokenJson| {
        let state = match token.revoked {
            true => said!("revoked", "已撤销"),
            false => String::new(),
        };
        vec![
            token.id.clone(),
            token.user.clone(),
            token.name.clone(),
            word::<Scope>(&token.scope),
            local(&token.expires_at, &zone),
            state,
        ]
    };
    let rows: Vec<_> = tokens.items.iter().map(row).collect();
    print_table(
        &[
            Heading::Id,
            Heading::Account,
            Heading::WhatFor,
            Heading::Scope,
            Heading::Until,
            Heading::State,
        ],
        &rows,
    )?;
    say_shown(&tokens);
    Ok(())
}

/// Ends a token at once.
pub async fn revoke(house: &House, token: &str, json: bool) -> Result<()> {
    let id = TokenId::parse(token).map_err(|_| {
        refused(
            "not_found",
            said!("there is no token `{token}`", "没有令牌“{token}”"),
            said!(
                "`dossier users tokens` lists their ids",
                "`dossier users tokens` 列出它们的标识"
            ),
        )
    })?;
    house.archive.token_revoke(&house.asker, &id).await?;
    match json {
        true => print_json(&serde_json::json!({ "id": id.as_str(), "revoked": true })),
        false => print(&said!("token {id} gives nothing any more\n", "令牌 {id} 已失效\n")),
    }
}
