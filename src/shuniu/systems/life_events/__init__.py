"""开办企业、新生儿、开餐馆、退休、工程建设项目: each one application to many agencies."""
