"""The desk where departments edit their service items and the office publishes them."""
