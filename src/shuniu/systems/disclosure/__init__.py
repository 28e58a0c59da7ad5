"""Information that the government has and did not publish: asked for by anybody, of any agency (依申请公开)."""
