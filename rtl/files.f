lr_link_pkg.sv
lr_endpoint.sv
