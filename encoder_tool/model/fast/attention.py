"""Attention between T tokens and the P = 4096 cells of a patch, tokens first.

Upstream projects all cells to keys, values and queries: for sam2.1 three products of P x 256 with
256 x 128. A product of matrices may be taken in any order, so the projection can be applied to
the other side, which has T rows instead of P. With heads kept apart by `spread` (below), for
tokens' queries Q and cells X:

    scores  Q (X Wk)^T = (Q Wk^T) X^T        mixed values  S (X Wv) = (S X) Wv

and likewise for the cells' queries. A head's row of Q has zeros in the other heads' channels, so
8 T rows do what T did: the order pays while 8 T is smaller than the 128 projected channels or not
much larger. Measured with 16 to 26 tokens (10 to 20 clicks) it costs what upstream's order does
and less below.

Biases: one of the cells' keys adds the same to a token's scores of all cells, which a softmax
over cells does not see: left out. One of the cells' values is added to a mean that they all
share: added afterwards, once.
"""

from __future__ import annotations

import torch
from sam2.modeling.sam.transformer import Attention
from torch import Tensor, nn


class Heads(nn.Module):
    """How a projection's channels are shared out among the heads."""

    own: Tensor

    def __init__(self, attention: Attention) -> None:
        super().__init__()
        self.count = attention.num_heads
        self.channels = attention.internal_dim // attention.num_heads
        self.scale = self.channels**-0.5
        own = torch.eye(self.count).repeat_interleave(self.channels, dim=1)
        self.register_buffer("own", own.unsqueeze(1))

    def spread(self, tokens: Tensor) -> Tensor:
        """[B, T, D] -> [B, heads T, D]: a row for each head, with its own channels only."""
        return (tokens.unsqueeze(1) * self.own).flatten(1, 2)

    def gather(self, rows: Tensor) -> Tensor:
        """[B, heads T, D] -> [B, T, D]: each head's channels from its own rows."""
        return (torch.unflatten(rows, 1, (self.count, -1)) * self.own).sum(dim=1)

    def split(self, tokens: Tensor) -> Tensor:
        """[B, T, D] -> [B, heads, T, D / heads]."""
        return torch.unflatten(tokens, 2, (self.count, self.channels)).transpose(1, 2)

    def merge(self, tokens: Tensor) -> Tensor:
        """[B, heads, T, D / heads] -> [B, T, D]."""
        return tokens.transpose(1, 2).flatten(2)


class SelfAttention(nn.Module):
    """Among the tokens: upstream's, with the scale applied once, to the few queries."""

    def __init__(self, attention: Attention) -> None:
        super().__init__()
        self.attention = attention
        self.heads = Heads(attention)

    def forward(self, placed: Tensor, tokens: Tensor) -> Tensor:
        """placed: the tokens with their positions, for queries and keys; both [B, T, C]."""
        attention, heads = self.attention, self.heads
        queries = heads.split(attention.q_proj(placed) * heads.scale)
        keys = heads.split(attention.k_proj(placed))
        values = heads.split(attention.v_proj(tokens))
        shares = torch.softmax(queries @ keys.transpose(2, 3), dim=-1)
        mixed: Tensor = attention.out_proj(heads.merge(shares @ values))
        return mixed


class TokensToImage(nn.Module):
    """Tokens look at the cells: what each has read there, [B, T, C]."""

    def __init__(self, attention: Attention) -> None:
        super().__init__()
        self.attention = attention
        self.heads = Heads(attention)

    def prepare(self, cells: Tensor, placed: Tensor) -> tuple[Tensor, Tensor]:
        """Of cells that no prompt has changed: keys [1, heads, D / heads, P] and values
        [1, heads, P, D / heads]. placed: the cells with their positions, both [1, P, C]."""
        keys = self.heads.split(placed @ self.attention.k_proj.weight.T)
        return keys.transpose(2, 3), self.heads.split(self.attention.v_proj(cells))

    def of_prepared(self, tokens: Tensor, keys: Tensor, values: Tensor) -> Tensor:
        """tokens: with their positions; keys and values serve all prompts of the batch."""
        queries = self.heads.split(self._queries(tokens))
        mixed = torch.softmax(queries @ keys, dim=-1) @ values
        read: Tensor = self.attention.out_proj(self.heads.merge(mixed))
        return read

    def forward(self, tokens: Tensor, cells: Tensor, placed: Tensor) -> Tensor:
        """tokens: with their positions; cells and placed [B, P, C]."""
        rows = self.heads.spread(self._queries(tokens)) @ self.attention.k_proj.weight
        shares = torch.softmax(rows @ placed.transpose(1, 2), dim=-1)
        # Channels of other heads are dropped by `gather`, so the bias counts once.
        mixed = self.heads.gather(self.attention.v_proj(shares @ cells))
        read: Tensor = self.attention.out_proj(mixed)
        return read

    def _queries(self, tokens: Tensor) -> Tensor:
        queries: Tensor = self.attention.q_proj(tokens) * self.heads.scale
        return queries


class ImageToTokens(nn.Module):
    """The cells look at the tokens: what each has read there, [B, P, C]."""

    def __init__(self, attention: Attention) -> None:
        super().__init__()
        self.attention = attention
        self.heads = Heads(attention)

    def prepare(self, placed: Tensor) -> Tensor:
        """The queries [1, P, D] of cells that no prompt has changed."""
        queries: Tensor = self.attention.q_proj(placed)
        return queries

    def of_prepared(self, queries: Tensor, placed_tokens: Tensor, tokens: Tensor) -> Tensor:
        """queries serve all prompts of the batch."""
        return self._read(queries @ self._keys(placed_tokens).transpose(1, 2), tokens)

    def forward(self, placed: Tensor, placed_tokens: Tensor, tokens: Tensor) -> Tensor:
        """placed: the cells with their positions, [B, P, C]."""
        keys = self._keys(placed_tokens)
        columns = (keys @ self.attention.q_proj.weight).transpose(1, 2)
        # Each column is of another token: here the bias of the queries does count.
        bias = (keys @ self.attention.q_proj.bias).unsqueeze(1)
        return self._read(placed @ columns + bias, tokens)

    def _keys(self, placed_tokens: Tensor) -> Tensor:
        keys: Tensor = self.attention.k_proj(placed_tokens) * self.heads.scale
        return self.heads.spread(keys)

    def _read(self, scores: Tensor, tokens: Tensor) -> Tensor:
        """scores: [B, P, heads T]."""
        by_head = torch.unflatten(scores, 2, (self.heads.count, -1))
        shares = torch.softmax(by_head, dim=-1).flatten(2)
        rows = self.heads.spread(self.attention.v_proj(tokens)) @ self.attention.out_proj.weight.T
        # A cell's shares sum to one in each head, so an eighth of the bias in every row adds up
        # to one bias, without a pass over all cells.
        read: Tensor = shares @ (rows + self.attention.out_proj.bias / self.heads.count)
        return read
